using System.Globalization;
using System.Text.RegularExpressions;
using ModelBuild.Compression.Tests.Quantization.Static;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Factorization;

/// <summary>Tests that factorization reaches the required figures on real models and data.</summary>
[Trait("Speed", "Slow")]
public sealed partial class LitenetFactorizationTests(ITestOutputHelper output)
{
    private const int Calls = 16;

    [Theory]
    // The factored model has 1.9 times fewer multiply-adds.
    [InlineData("fashion-resnet", "low-rank(0.5, method=spatial)", 0.005, 360_000)]
    // The factored model has 4 times fewer parameters than the 203,530 of the original model.
    [InlineData("litenet-fc", "low-rank(0.24)", 0.003, 203_530)]
    [InlineData("litenet-conv", "low-rank(0.5)", 0.003, 46_000)]
    [InlineData("litenet-conv", "low-rank(0.5) int8(fast)", 0.004, 16_000)]
    public void Accuracy_holds(string name, string recipe, double loss, int bytes)
    {
        var litenet = new Litenet(name);
        var model = litenet.Compress(recipe).Model;
        var fidelity = litenet.Compare(model);
        var size = model.ToBytes().Length;
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name} {recipe}: {fidelity.SqnrDb:0.0} dB, {fidelity.Accuracy!.Before:P2} to {fidelity.Accuracy.After:P2}, {size:N0} bytes"
            )
        );

        Assert.InRange(fidelity.Accuracy.Loss, -0.01, loss);
        Assert.InRange(size, 1, bytes);
    }

    [Theory]
    [InlineData("litenet-conv", "low-rank(0.5)")]
    [InlineData("litenet-conv", "low-rank(0.5, method=channel)")]
    [InlineData("litenet-fc", "low-rank(0.3)")]
    [InlineData("fashion-mobilenet", "low-rank(0.6)")]
    [InlineData("litenet-conv", "depthwise-separable")]
    public void Data_beats_plain_singular_values_on_every_layer(string name, string recipe)
    {
        var litenet = new Litenet(name, Calls);
        var original = OnnxModel.Load(Corpus.Path($"litenet/{name}.onnx"));
        var layers = litenet
            .Compress(recipe)
            .Last.Changes.Keys.Select(change => FactoredLayer().Match(change))
            .Where(match => match.Success)
            .Select(match => match.Groups[1].Value)
            .ToArray();
        Assert.NotEmpty(layers);
        foreach (var layer in layers)
        {
            var others = string.Join('|', layers.Where(other => other != layer));
            var alone = $"{recipe.TrimEnd(')')}{(recipe.EndsWith(')') ? "," : "(")} exclude={others})";
            var plain = litenet.Compare(Support.Steps.Run(original, alone)).SqnrDb;
            var fitted = litenet.Sqnr(alone);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {layer} {recipe}: {plain:0.0} to {fitted:0.0} dB"));

            Assert.True(fitted > plain, $"{layer}: {fitted:0.00} dB, not more than {plain:0.00} dB.");
        }
    }

    [Fact]
    public void Arithmetic_goes_where_it_serves_most()
    {
        var litenet = new Litenet("litenet-conv", Calls);

        Assert.InRange(litenet.Sqnr("low-rank(spread=model)"), litenet.Sqnr("low-rank") + 1, 60);
    }

    [Fact]
    public void A_budget_of_fidelity_is_met_on_held_out_samples()
    {
        var litenet = new Litenet("litenet-conv", Calls);
        var (model, report) = litenet.Compress("low-rank(sqnr=30)");
        var kept = Assert.Single(report.Trials, trial => trial.Kept);

        Assert.InRange(kept.SqnrDb, 30, 36);
        Assert.InRange(litenet.Compare(model).SqnrDb, 28, 40);
        Assert.InRange(report.Trials.Count, 1, 8);
    }

    [GeneratedRegex(@"^of \d+ ranks of (.+) kept")]
    private static partial Regex FactoredLayer();
}
