using ModelBuild.Compression.Compilers.Tables;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using ModelBuild.Testing.Pretrained;

namespace ModelBuild.Compression.Tests.Compilers;

/// <summary>Tests exports of real models.</summary>
[Trait("Speed", "Slow")]
public sealed class CorpusExportTests
{
    [Theory]
    [InlineData("models/squeezenet_fp32.onnx", "")]
    [InlineData("models/squeezenet_fp32.onnx", "int8-weights")]
    [InlineData("litenet/fashion-mobilenet.onnx", "int4")]
    [InlineData("litenet/fashion-resnet.onnx", "cluster(16)")]
    [InlineData("models/tribuo_tinybert_random.onnx", "int8-blocks")]
    public void Real_models_are_exported_to_every_compiler(string model, string recipe)
    {
        var compressed = OnnxModel.Load(Corpus.Path(model)).Compressed(recipe);
        (string, long[])[] shapes = model.Contains("bert", StringComparison.Ordinal)
            ? [.. compressed.Proto.Graph.Input.Where(input => input.Type.TensorType.Shape.Dim.Count == 2).Select(input => (input.Name, new long[] { 1, 16 }))]
            : [];

        foreach (var compiler in CompilerCatalog.All)
        {
            var exported = compressed.Export(compiler.Name, shapes);

            Assert.True(exported.Difference.SqnrDb >= 60, $"{compiler.Name}: {exported.Difference}");
        }
    }

    [Theory]
    [InlineData("litenet/fashion-resnet.onnx")]
    [InlineData("litenet/fashion-mobilenet.onnx")]
    public void Integers_for_the_target_tensorrt_are_exported_with_the_same_bits(string model)
    {
        var compressed = OnnxModel.Load(Corpus.Path(model)).Compressed("int8(min-max)", "tensorrt");

        foreach (var compiler in CompilerCatalog.All)
            Assert.True(compressed.Export(compiler.Name).Difference.IsNone);
    }

    [Theory]
    [InlineData("tensorrt", "int4(symmetric=true, block-size=128, last-layer-bits=4)", 60)]
    [InlineData("openvino", "int4", 60)]
    [InlineData("tvm", "int8-weights", 200)]
    public void A_real_model_of_sentences_is_exported(string compiler, string recipe, double leastDb)
    {
        var model = OnnxModel.Load(PretrainedModels.Need(PretrainedModels.MiniLm));
        (string, long[])[] shapes = [.. model.Proto.Graph.Input.Select(input => (input.Name, new long[] { 1, 16 }))];

        var exported = model.Compressed(recipe).Export(compiler, shapes);

        Assert.True(exported.Difference.SqnrDb >= leastDb, $"{exported.Difference}");
    }
}
