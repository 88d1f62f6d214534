using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pages.Report;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Partition;

/// <summary>Tests files, receipts and cache entries of models that are cut into stages.</summary>
public sealed class StageOutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("auto")]
    [InlineData("none")]
    [InlineData("int8-weights")]
    public void Stages_take_the_place_of_the_whole(string recipe)
    {
        var request = Request(recipe);

        var receipt = Compressor.Compress(request);

        Assert.Equal(["model.onnx", "out", "out/small.1.onnx", "out/small.2.onnx"], _folder.Names());
        var partition = receipt.Partition!;
        string[] files = [_folder.File("out/small.1.onnx"), _folder.File("out/small.2.onnx")];
        Assert.Equal(files.Select(file => new FileInfo(file).Length), partition.Stages.Select(stage => stage.Bytes));
        Assert.Equal(receipt.Compressed.Bytes, partition.Stages.Sum(stage => stage.Bytes));
        Assert.Equal(receipt.Compressed.MultiplyAdds, partition.Stages.Sum(stage => stage.MultiplyAdds));
        Assert.Equal(200, Assert.Single(partition.Fidelity).SqnrDb);
        Assert.Contains("<h3>Stages</h3>", HtmlReport.Render(receipt), StringComparison.Ordinal);

        var stages = files.Select(file => OnnxModel.Load(file)).ToArray();
        Assert.Equal(["1/2", "2/2"], stages.Select(stage => stage.GetMetadata(StageMetadata.NumberKey)));
        var contract = SignatureReader.Read(OnnxModel.Load(request.ModelPath)).Hash();
        Assert.All(stages, stage => Assert.Equal(contract, stage.GetMetadata(StageMetadata.SignatureKey)));
        // The signature of a stage differs from that of the whole model, so that a stage is not taken for the whole model.
        Assert.All(stages, stage => Assert.NotEqual(contract, stage.GetMetadata(ModelSignature.MetadataKey)));
        Assert.Single(stages.Select(stage => stage.GetMetadata(StageMetadata.WholeKey)).Distinct());
    }

    [Fact]
    public void A_receipt_of_a_whole_model_says_nothing_of_stages() =>
        Assert.DoesNotContain("partition", JsonText.Of(Compressor.Compress(Request("int8-weights") with { Stages = 1 })), StringComparison.Ordinal);

    [Fact]
    public void Stages_come_from_the_cache()
    {
        var cache = new CompressionCache(_folder.File("cache"));
        var request = Request("int8-weights");
        var first = cache.GetOrCompress(request, Fail);
        var second = cache.GetOrCompress(request with { OutputPath = _folder.File("other/place.onnx") }, Fail);
        var whole = cache.GetOrCompress(request with { Stages = 1, OutputPath = _folder.File("whole/whole.onnx") }, Fail);

        Assert.Equal((false, true, false), (first.Hit, second.Hit, whole.Hit));
        Assert.Equal(JsonText.Of(first.Receipt), JsonText.Of(second.Receipt));
        foreach (var stage in new[] { 1, 2 })
            Assert.Equal(File.ReadAllBytes(_folder.File($"out/small.{stage}.onnx")), File.ReadAllBytes(_folder.File($"other/place.{stage}.onnx")));
        Assert.Equal(["place.1.onnx", "place.2.onnx"], Directory.EnumerateFiles(_folder.File("other")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        static void Fail(CompressionException warning) => Assert.Fail(warning.Message);
    }

    [Fact]
    public void Without_verification_nothing_is_run()
    {
        var partition = Compressor.Compress(Request("int8-weights") with { Verify = false }).Partition!;
        Assert.Null(partition.Verification);
        Assert.Empty(partition.Fidelity);
    }

    [Fact]
    public void What_cannot_be_cut_leaves_nothing_behind()
    {
        Assert.Equal(Codes.Stages, Assert.Throws<CompressionException>(() => Compressor.Compress(Request("int8-weights") with { Stages = 9 })).Code);
        Assert.Equal(["model.onnx", "out"], _folder.Names());
    }

    private CompressionRequest Request(string recipe) => new(Model(), _folder.File("out/small.onnx")) { Recipe = RecipeParser.Parse(recipe), Stages = 2 };

    private string Model() =>
        new Net()
            .Input("x", -1, 64)
            .Weight("w1", 64, 64)
            .Weight("w2", 64, 64)
            .Node("MatMul", "x w1", "a")
            .Node("Relu", "a", "b")
            .Node("MatMul", "b w2", "y")
            .Output("y")
            .Save(_folder.File("model.onnx"));
}
