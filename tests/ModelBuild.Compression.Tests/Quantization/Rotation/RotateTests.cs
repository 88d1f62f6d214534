using ModelBuild.Compression.Tests.Quantization.Equalization;
using ModelBuild.Compression.Tests.Support;

namespace ModelBuild.Compression.Tests.Quantization.Rotation;

public sealed class RotateTests(ITestOutputHelper output)
{
    // A relative error of 1e-4.
    private const double Equal = 80;

    public static TheoryData<string, bool, bool, int> Networks
    {
        get
        {
            var networks = new TheoryData<string, bool, bool, int>();
            foreach (
                var norm in new[]
                {
                    "LayerNormalization",
                    "LayerNormalization in single operators",
                    "SimplifiedLayerNormalization",
                    "root mean square in single operators",
                }
            )
            foreach (var usesGemm in new[] { false, true })
            foreach (var hasBias in new[] { false, true })
            foreach (var width in new[] { 64, 48, 20 })
                networks.Add(norm, usesGemm, hasBias, width);
            return networks;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Answers_stay_and_no_operator_changes(string norm, bool usesGemm, bool hasBias, int width)
    {
        var model = new TinyTransformer
        {
            Norm = norm,
            UsesGemm = usesGemm,
            HasBias = hasBias,
            Width = width,
            Outlier = 20,
        }.Build();

        var rotated = Steps.Run(model, "rotate", out var report);

        Assert.Empty(report.Skipped);
        Assert.Equal(1, report.Changes["residual streams rotated"]);
        Assert.Equal(5, report.Changes["normalizations folded"]);
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(rotated)), Equal, double.PositiveInfinity);
        output.WriteLine($"{Ort.Sqnr(Ort.Run(model), Ort.Run(rotated)):0.0}");
        if (hasBias)
            Assert.Equal(Steps.Operators(Steps.Run(model, "optimize")), Steps.Operators(rotated));
    }

    [Theory]
    [InlineData("LayerNormalization", "int8-dynamic(outliers=0)")]
    [InlineData("LayerNormalization", "int8-dynamic")]
    [InlineData("LayerNormalization", "int8(min-max)")]
    [InlineData("LayerNormalization", "int4")]
    [InlineData("LayerNormalization", "int8-blocks")]
    [InlineData("SimplifiedLayerNormalization", "int8-dynamic(outliers=0)")]
    [InlineData("SimplifiedLayerNormalization", "int8(min-max)")]
    [InlineData("SimplifiedLayerNormalization", "int4")]
    public void Outliers_cost_less(string norm, string recipe)
    {
        var network = new TinyTransformer { Norm = norm, Outlier = 20 };
        var model = network.Build();
        var samples = Calibrated.Samples(8, network.InputShape);

        var plain = Calibrated.Decibels(model, Calibrated.Run(model, recipe, samples), 4, network.InputShape);
        var rotated = Calibrated.Decibels(model, Calibrated.Run(model, "rotate " + recipe, samples), 4, network.InputShape);
        var smooth = Calibrated.Decibels(model, Calibrated.Run(model, "smooth-quant " + recipe, samples), 4, network.InputShape);

        output.WriteLine($"{plain:0.0} dB without, {rotated:0.0} dB with, {smooth:0.0} smooth");
        Assert.InRange(rotated - plain, -100, 60);
    }
}
