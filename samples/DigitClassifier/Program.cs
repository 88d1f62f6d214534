using System.Diagnostics;
using System.Globalization;
using DigitClassifier;
using ModelBuild.Runtime;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var digits = DigitSet.Load(Path.Combine(AppContext.BaseDirectory, "Data", "mnist-test.npz"));

// A small model is not faster with more threads, and the times with one thread are easier to compare.
var options = new ModelOptions { Threads = 1 };
using var original = new OriginalDigitsModel(options);
using var compressed = new DigitsModel(options);

// The build generates both classes from the signature of the model. Their inputs are spans, and their outputs are typed views.
Score onOriginal = image =>
{
    using var result = original.Run(image);
    return result.Logits.ArgMax();
};
Score onCompressed = image =>
{
    using var result = compressed.Run(image);
    return result.Logits.ArgMax();
};

Console.WriteLine($"{digits.Count} handwritten digits       original   compressed");
Console.WriteLine($"file size, bytes            {Bytes("OriginalDigitsModel"), 10:N0}   {Bytes("DigitsModel"), 10:N0}");
Console.WriteLine($"accuracy                    {Accuracy(onOriginal), 10:P2}   {Accuracy(onCompressed), 10:P2}");
var (originalTime, compressedTime) = Microseconds(onOriginal, onCompressed);
Console.WriteLine($"time for an image, µs       {originalTime, 10:N1}   {compressedTime, 10:N1}");

for (var i = 0; i < 3; i++)
{
    Console.WriteLine();
    Drawing.Print(digits.Image(i));
    Console.WriteLine(
        $"  the compressed model predicts {onCompressed(digits.Image(i))}, the original {onOriginal(digits.Image(i))}; it is a {digits.Label(i)}"
    );
}

static long Bytes(string model) => new FileInfo(Path.Combine(AppContext.BaseDirectory, "models", "DigitClassifier", $"{model}.onnx")).Length;

double Accuracy(Score top) => Enumerable.Range(0, digits.Count).Count(i => top(digits.Image(i)) == digits.Label(i)) / (double)digits.Count;

// The models run alternately, so that other load on the machine affects both times equally.
(double First, double Second) Microseconds(Score first, Score second)
{
    var (a, b) = (TimeSpan.Zero, TimeSpan.Zero);
    for (var i = 0; i < digits.Count; i++)
    {
        var start = Stopwatch.GetTimestamp();
        first(digits.Image(i));
        var middle = Stopwatch.GetTimestamp();
        second(digits.Image(i));
        a += Stopwatch.GetElapsedTime(start, middle);
        b += Stopwatch.GetElapsedTime(middle);
    }

    return (a.TotalMicroseconds / digits.Count, b.TotalMicroseconds / digits.Count);
}

internal delegate int Score(ReadOnlySpan<float> image);
