using System.Globalization;
using System.IO.Compression;
using DigitClassifier;
using HealedDigits;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var digits = DigitSet.Load(Path.Combine(AppContext.BaseDirectory, "Data", "mnist-test.npz"));

// The build makes a model of each recipe, and training heals what the steps before it lost.
using var original = new OriginalModel();
using var pruned = new PrunedModel();
using var healed = new HealedModel();
using var quantized = new QuantizedModel();
using var healedAgain = new HealedAgainModel();

Console.WriteLine($"{digits.Count} handwritten digits             bytes     zipped   accuracy");
Print("original", "OriginalModel", image => original.Run(image).Logits.ArgMax());
Print("most channels pruned", "PrunedModel", image => pruned.Run(image).Logits.ArgMax());
Print("  and healed by training", "HealedModel", image => healed.Run(image).Logits.ArgMax());
Print("  and weights rounded to 3 bits", "QuantizedModel", image => quantized.Run(image).Logits.ArgMax());
Print("  and healed again", "HealedAgainModel", image => healedAgain.Run(image).Logits.ArgMax());

void Print(string what, string model, Score top)
{
    var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "models", "HealedDigits", $"{model}.onnx"));
    var right = Enumerable.Range(0, digits.Count).Count(i => top(digits.Image(i)) == digits.Label(i));
    Console.WriteLine($"{what, -29} {bytes.Length, 10:N0} {Zipped(bytes), 10:N0}   {(double)right / digits.Count, 8:P2}");
}

static long Zipped(byte[] bytes)
{
    using var memory = new MemoryStream();
    using (var deflate = new DeflateStream(memory, CompressionLevel.SmallestSize, leaveOpen: true))
        deflate.Write(bytes);
    return memory.Length;
}

internal delegate int Score(ReadOnlySpan<float> image);
