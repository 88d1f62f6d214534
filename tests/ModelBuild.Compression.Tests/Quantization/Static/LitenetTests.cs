using System.Globalization;

namespace ModelBuild.Compression.Tests.Quantization.Static;

/// <summary>
/// Tests that <c>int8</c> is at least as accurate as float32 on real models and data, and that its files are no larger than those of other quantizers.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class LitenetTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("litenet-conv", "int8(everywhere=true)", 42, 30_706)]
    [InlineData("litenet-conv", "int8", 42, 30_706)]
    [InlineData("litenet-fc", "int8(everywhere=true)", 46, 210_981)]
    [InlineData("litenet-fc", "int8(fast)", 46, 210_981)]
    [InlineData("fashion-mobilenet", "int8(fast, everywhere=true)", 37.5, 48_349)]
    [InlineData("fashion-mobilenet", "int8(fast)", 37.5, 48_349)]
    [InlineData("fashion-resnet", "int8(fast, everywhere=true)", 41, 212_244)]
    [InlineData("fashion-resnet", "int8(fast)", 41, 212_244)]
    public void Int8_reaches_its_bars(string name, string recipe, double sqnr, int bytes)
    {
        var litenet = new Litenet(name);
        var (model, report) = litenet.Compress(recipe);
        var fidelity = litenet.Compare(model);
        var size = model.ToBytes().Length;
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name} {recipe}: {fidelity.SqnrDb:0.0} dB, {fidelity.Accuracy!.Before:P2} to {fidelity.Accuracy.After:P2}, {size:N0} bytes; "
                    + $"{string.Join(", ", report.Trials.Select(trial => $"{trial.SqnrDb:0.0}{(trial.Kept ? "*" : "")}"))}"
            )
        );

        Assert.InRange(fidelity.SqnrDb, sqnr, 70);
        // The bound is six of 4,000 images.
        Assert.InRange(fidelity.Accuracy.Loss, -0.01, 0.0015);
        Assert.InRange(size, 1, bytes);
    }
}
