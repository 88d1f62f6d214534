using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Pages.Report;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Tests.Counting;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Receipts;

/// <summary>Tests the size and work of a model before and after each step of a recipe.</summary>
public sealed class StepCostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    [Trait("Speed", "Slow")]
    public void Each_step_of_a_chain_tells_what_it_saves()
    {
        var receipt = Compress(
            Corpus.Path("litenet/litenet-conv.onnx"),
            "prune-channels(0.3) low-rank(0.5) int8(min-max)",
            Corpus.Path("litenet/mnist-calibration.npz")
        );

        Assert.Equal(["optimize", "prune-channels", "low-rank", "int8(calibration=min-max)"], receipt.Steps.Select(step => step.Step));
        var (prune, lowRank, int8) = (receipt.Steps[1], receipt.Steps[2], receipt.Steps[3]);
        Assert.Equal(new ModelCost(21_840, 480_500, 0, 88_914), receipt.Steps[0].Before);
        Assert.Equal(new ModelCost(21_840, 480_500, 0, receipt.Steps[0].After.Bytes), receipt.Steps[0].After);
        Assert.All(receipt.Steps.Zip(receipt.Steps.Skip(1)), pair => Assert.Equal(pair.First.After, pair.Second.Before));
        Assert.InRange(prune.After.MultiplyAdds, 480_500 * 0.5, 480_500 * 0.7);
        Assert.InRange(lowRank.After.MultiplyAdds, prune.After.MultiplyAdds * 0.4, prune.After.MultiplyAdds * 0.5);
        Assert.InRange(lowRank.After.Parameters, prune.After.Parameters * 0.4, prune.After.Parameters * 0.6);
        Assert.Equal(lowRank.After.MultiplyAdds, int8.After.MultiplyAdds);
        // Layers without a bias get one.
        Assert.InRange(int8.After.Parameters, lowRank.After.Parameters, lowRank.After.Parameters + 100);
        Assert.InRange(int8.After.Bytes, 1, lowRank.After.Bytes / 2);
        Assert.Equal(
            (receipt.Compressed.Parameters, receipt.Compressed.MultiplyAdds, receipt.Compressed.Bytes),
            (int8.After.Parameters, int8.After.MultiplyAdds, int8.After.Bytes)
        );
        Assert.Equal([1, 1, 28, 28], receipt.InputShapes["image"]);
        var saved = Counted.Of(OnnxModel.Load(_folder.File("out/small.onnx")));
        Assert.Equal((int8.After.Parameters, int8.After.MultiplyAdds), (saved.Parameters, saved.MultiplyAdds));
        Assert.Equal(new FileInfo(_folder.File("out/small.onnx")).Length, int8.After.Bytes);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Steps_that_solve_the_same_layers_come_out_together()
    {
        var receipt = Compress(Corpus.Path("litenet/litenet-fc.onnx"), "int4 least-squares gptq", Corpus.Path("litenet/mnist-calibration.npz"));

        Assert.Equal(["optimize", "int4", "least-squares", "gptq"], receipt.Steps.Select(step => step.Step));
        Assert.All(receipt.Steps, step => Assert.Equal((203_530, 203_264), (step.After.Parameters, step.After.MultiplyAdds)));
        Assert.Equal(receipt.Compressed.Bytes, receipt.Steps[3].After.Bytes);
    }

    [Fact]
    public void Dimensions_that_a_step_fixes_are_counted_so_from_the_start()
    {
        var model = new Net()
            .OpenInput("x", "batch", "64")
            .Weight("w", 64, 64)
            .Weight("v", 64, 64)
            .Node("MatMul", "x w", "h")
            .Node("MatMul", "h v", "y")
            .Output("y")
            .Save(_folder.File("model.onnx"));

        var receipt = Compress(model, "fix-dimensions(batch=4) int8-weights");

        Assert.Equal([4, 64], receipt.InputShapes["x"]);
        Assert.All(receipt.Steps, step => Assert.Equal((4 * 8192, 4 * 8192), (step.Before.MultiplyAdds, step.After.MultiplyAdds)));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void An_original_that_is_kept_has_figures_too()
    {
        var receipt = Compress(Corpus.Path("litenet/litenet-fc.onnx"), "none");

        Assert.Empty(receipt.Steps);
        Assert.Equal((203_530, 203_264), (receipt.Original.Parameters, receipt.Original.MultiplyAdds));
        Assert.Equal(receipt.Original, receipt.Compressed);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void The_page_has_a_table_of_them()
    {
        var receipt = Compress(Corpus.Path("litenet/litenet-conv.onnx"), "int8-weights");

        var page = HtmlReport.Render(receipt);

        Assert.Contains("The multiply-adds are those of one call with image [1, 1, 28, 28].", page, StringComparison.Ordinal);
        Assert.Contains("<td>(before)</td><td class=\"n\">21,840</td><td class=\"n\">480,500</td><td class=\"n\">88,914</td>", page, StringComparison.Ordinal);
        Assert.Contains(
            $"<td><code>int8-weights</code></td><td class=\"n\">21,840</td><td class=\"n\">480,500</td><td class=\"n\">{receipt.Compressed.Bytes:N0}</td>",
            page,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _folder.Dispose();

    private Receipt Compress(string model, string recipe, params string[] data) =>
        Compressor.Compress(
            new CompressionRequest(model, _folder.File("out/small.onnx"))
            {
                Recipe = RecipeParser.Parse(recipe),
                CalibrationData = data,
                Budget = new FidelityBudget(MinSqnr: 10, MaxAccuracyLoss: 1),
            }
        );
}
