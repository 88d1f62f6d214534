using System.Globalization;
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

Console.WriteLine($"{digits.Count} handwritten digits                        bytes   accuracy");
Print("original", "OriginalModel", image => original.Run(image).Logits.ArgMax());
Print("half of the multiply-adds pruned", "PrunedModel", image => pruned.Run(image).Logits.ArgMax());
Print("  and healed by training", "HealedModel", image => healed.Run(image).Logits.ArgMax());
Print("  and quantized to 4 bits", "QuantizedModel", image => quantized.Run(image).Logits.ArgMax());
Print("  and healed again", "HealedAgainModel", image => healedAgain.Run(image).Logits.ArgMax());

void Print(string what, string model, Score top)
{
    var bytes = new FileInfo(Path.Combine(AppContext.BaseDirectory, "models", "HealedDigits", $"{model}.onnx")).Length;
    var right = Enumerable.Range(0, digits.Count).Count(i => top(digits.Image(i)) == digits.Label(i));
    Console.WriteLine($"{what, -34} {bytes, 16:N0}   {(double)right / digits.Count, 8:P2}");
}

internal delegate int Score(ReadOnlySpan<float> image);
