"""Invented texts, and the encodings in which people keep such."""

CHINESE = (
    "我们提出一种新的注意力机制，用于处理长文本任务。实验结果表明，该方法在保持准确率的同时，将推理速度提高了两倍。",
    "本文研究图神经网络的内存使用问题，并给出一个简单有效的压缩算法。",
    "大规模语言模型的训练需要大量数据和计算资源。",
    "潮汐注意力：面向长文本的高效推理",
    "基于深度学习的中文分词方法研究",
)
TRADITIONAL = (
    "我們提出一種新的注意力機制，用於處理長文本任務。實驗結果顯示，該方法在保持準確率的同時，將推理速度提高了兩倍。",
    "本文研究圖神經網路的記憶體使用問題，並提出一個簡單有效的壓縮演算法。",
    "大型語言模型的訓練需要大量資料與計算資源。",
)
JAPANESE = (
    "本研究では、長い文書を処理するための新しい注意機構を提案する。実験の結果、精度を保ちながら推論速度が二倍になった。",
    "グラフニューラルネットワークのメモリ使用量を三割削減する方法について述べる。",
    "大規模言語モデルの学習には多くの計算資源が必要である。",
)
KOREAN = (
    "우리는 긴 문서를 처리하기 위한 새로운 주의 기법을 제안한다. 실험 결과 정확도를 유지하면서 추론 속도가 빨라졌다.",
    "그래프 신경망에서 메모리 사용량을 38% 줄였다.",
    "대규모 언어 모델의 학습에는 많은 계산 자원이 필요하다.",
)
RUSSIAN = (
    "Мы предлагаем новый механизм внимания для обработки длинных текстов. Эксперименты показывают ускорение вдвое.",
    "В работе рассматривается задача сжатия графовых нейронных сетей и предложен простой алгоритм.",
    "Обучение больших языковых моделей требует много данных.",
)
FRENCH = (
    "Nous présentons une méthode très légère pour réduire la mémoire des réseaux. Les résultats montrent une précision "
    "élevée à coût égal, même sur de très longs textes où les modèles échouent.",
    "Étude de la compression des modèles de langue",
    "La lumière traverse la rivière près de la forêt.",
)
GERMAN = (
    "Wir führen ein Verfahren ein, das große Netze für längere Texte beschleunigt. Die Qualität bleibt unverändert.",
    "Über die Wärmeleitung in Böden",
)
SPANISH = (
    "Presentamos un método pequeño que reduce la memoria en un año de pruebas. La precisión mejora con el diseño.",
    "¿Qué aprenden los niños? Un estudio de señales",
)
PORTUGUESE = (
    "Apresentamos uma solução para a compressão de redes. As avaliações não mostram perdas e são boas em três línguas.",
)
ITALIAN = (
    "Presentiamo un metodo più rapido: la qualità è la stessa e così la velocità può crescere perché costa poco.",
)
NORDIC = (
    "Vi föreslår en metod för längre texter, där både hastighet och träffsäkerhet ökar.",
    "Vi foreslår en metode for længere tekster, som gør både træning og søgning hurtigere.",
)
ENGLISH = (
    "We report the naïve baseline of Müller and Gómez at 5 °C ± 0.1 and a café in Zürich.",
    "It is Anna’s method – fast, “cheap” and small…",
    "Muñoz and Jørgensen show that memory falls by 38 %.",
    "A study of Poincaré maps",
)
POLISH = (
    "Przedstawiamy nową metodę, która zmniejsza zużycie pamięci. Wyniki są bardzo dobre również dla długich tekstów.",
)
CZECH = ("Představujeme novou metodu, která snižuje spotřebu paměti. Výsledky jsou velmi dobré i pro dlouhé texty.",)
HUNGARIAN = (
    "Új módszert mutatunk be, amely csökkenti a memória használatát. Az eredmények jók hosszú szövegekre, ősszel.",
)
CENTRAL_NAMES = (
    "We follow Dvořák and Kovačević.",
    "The method of Čapek is fast.",
    "It was shown by Gdańsk and Łódź groups.",
    "Zając and Wałęsa report it.",
)
GREEK = ("Προτείνουμε μια νέα μέθοδο που μειώνει τη χρήση μνήμης. Τα αποτελέσματα είναι πολύ καλά.",)
HEBREW = ("אנו מציעים שיטה חדשה המפחיתה את השימוש בזיכרון.",)
ARABIC = ("نقترح طريقة جديدة تقلل من استخدام الذاكرة في النصوص الطويلة.",)
THAI = ("เราเสนอวิธีใหม่ที่ลดการใช้หน่วยความจำสำหรับข้อความยาว",)
TURKISH = (
    "Uzun metinler için bellek kullanımını azaltan yeni bir yöntem öneriyoruz. Sonuçlar çok iyi ve hızlı çalışıyor.",
)
UKRAINIAN = ("Ми пропонуємо новий механізм уваги для обробки довгих текстів. Експерименти показують прискорення.",)
BULGARIAN = ("Предлагаме нов метод за обработка на дълги текстове, който намалява използваната памет.",)
ROMANIAN = (
    "Propunem o metodă nouă care reduce memoria folosită. Rezultatele sînt bune și pentru texte lungi, după probe.",
)

SURE = [  # what has to be read right
    (CHINESE, ("gb18030", "gbk", "gb2312")),
    (TRADITIONAL, ("big5", "cp950")),
    (JAPANESE, ("shift_jis", "euc_jp", "cp932")),
    (KOREAN, ("euc_kr", "cp949", "utf-16-le")),
    (RUSSIAN, ("koi8_r", "cp1251", "utf-16-le")),
    *((texts, ("cp1252", "latin-1")) for texts in (FRENCH, GERMAN, SPANISH, PORTUGUESE, ITALIAN, NORDIC, ENGLISH)),
]
OPEN = [  # what may be refused, and never read wrong
    (TRADITIONAL, ("gbk", "gb18030")),
    (CHINESE, ("big5hkscs",)),
    (("О свойствах одной функции",), ("koi8_r", "cp1251", "cp866")),
    (RUSSIAN, ("cp866", "iso8859-5", "mac-cyrillic")),
    (UKRAINIAN, ("cp1251", "koi8_u", "cp866")),
    (BULGARIAN, ("cp1251", "iso8859-5", "mac-cyrillic")),
    (JAPANESE, ("iso2022_jp",)),
    (POLISH, ("cp1250", "iso8859-2", "cp852")),
    (CZECH, ("cp1250", "iso8859-2", "cp852")),
    (HUNGARIAN, ("cp1250", "iso8859-2", "cp852")),
    (CENTRAL_NAMES, ("cp1250", "iso8859-2", "cp852")),
    (ROMANIAN, ("cp1250", "iso8859-2", "iso8859-16")),
    (TURKISH, ("cp1254", "iso8859-9", "cp857")),
    (GREEK, ("cp1253", "iso8859-7")),
    (HEBREW, ("cp1255", "iso8859-8")),
    (ARABIC, ("cp1256", "iso8859-6")),
    (THAI, ("cp874", "tis-620")),
    *(
        (texts, ("mac-roman", "cp850", "cp437", "iso8859-15", "iso8859-1"))
        for texts in (FRENCH, GERMAN, SPANISH, PORTUGUESE, ITALIAN, NORDIC, ENGLISH)
    ),
]
