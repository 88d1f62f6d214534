using ModelBuild.Compression.Pages.Report;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Verification;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Pipeline;

[Trait("Speed", "Slow")]
public sealed class DeterminismTests
{
    [Theory]
    [InlineData("litenet/litenet-conv.onnx", "auto")]
    [InlineData("litenet/litenet-fc.onnx", "int8-dynamic")]
    [InlineData("models/silero_vad_op18_ifless.onnx", "int8-weights")]
    [InlineData("models/ppocrv2_cls.onnx", "float16-weights")]
    [InlineData("models/tribuo_tinybert_random.onnx", "auto")]
    public void The_same_model_gives_the_same_bytes_wherever_it_lies_and_whatever_else_runs(string path, string recipe)
    {
        using var folder = new TemporaryFolder();
        var original = Corpus.Path(path);
        var copy = folder.Write("deep/er/copy.onnx", File.ReadAllBytes(original));
        var results = new (byte[] Model, string Receipt, string Report)[4];

        Parallel.For(
            0,
            results.Length,
            new ParallelOptions { MaxDegreeOfParallelism = results.Length },
            i =>
            {
                var output = folder.File($"out{i}/model{i}.onnx");
                var receipt = Compressor.Compress(
                    new CompressionRequest(i % 2 == 0 ? original : copy, output)
                    {
                        DisplayName = "model.onnx",
                        Recipe = RecipeParser.Parse(recipe),
                        Budget = new FidelityBudget(MinSqnr: 10),
                    }
                );
                results[i] = (File.ReadAllBytes(output), JsonText.Of(receipt), HtmlReport.Render(receipt));
            }
        );

        Assert.All(results, result => Assert.Equal(results[0].Model, result.Model));
        Assert.All(results, result => Assert.Equal(results[0].Receipt, result.Receipt));
        Assert.All(results, result => Assert.Equal(results[0].Report, result.Report));
        Assert.DoesNotContain(folder.Path, results[1].Receipt, StringComparison.Ordinal);
    }
}
