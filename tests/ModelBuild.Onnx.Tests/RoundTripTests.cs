using ModelBuild.Testing;

namespace ModelBuild.Onnx.Tests;

[Trait("Speed", "Slow")]
public sealed class RoundTripTests
{
    public static TheoryData<string> Models { get; } = [.. Corpus.ModelsOrNone()];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_saved_model_is_the_loaded_one(string name)
    {
        var path = Corpus.Model(name);
        using var folder = new TemporaryFolder();
        var model = OnnxModel.Load(path);
        var once = folder.File("once.onnx");
        var twice = folder.File("twice.onnx");

        model.Save(once);
        var again = OnnxModel.Load(once);
        again.Save(twice);

        Assert.Equal(model.Proto, again.Proto);
        Assert.Equal(File.ReadAllBytes(once), File.ReadAllBytes(twice));
        Assert.Equal(File.ReadAllBytes(once), model.ToBytes());
        Assert.All(model.Tensors(), static tensor => Assert.True(tensor.RawData.Length > 0 || tensor.ElementCount() == 0 || tensor.StringData.Count > 0));
        var graph = new Graph(model);
        graph.SortTopologically();
        Assert.Equal(again.Proto, model.Proto);
        Assert.Equal(File.ReadAllBytes(once), model.Clone().ToBytes());
    }
}
