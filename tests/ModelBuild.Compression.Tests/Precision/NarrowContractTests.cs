using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Precision;

/// <summary>
/// Tests that the signature that is known before compression is equal to that of the compressed model, for all changes of the nodes between inputs and
/// outputs. The steps that compute in 16 bits can change the element types of inputs and outputs.
/// </summary>
public sealed class NarrowContractTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("float16(io=true)", "float16")]
    [InlineData("bfloat16(io=true)", "bfloat16")]
    [InlineData("mixed-precision(io=true, sqnr=55)", "float16")]
    [InlineData("mixed-precision(io=true, sqnr=199)", "float16")]
    [InlineData("int8(fast) float16(io=true)", "float16")]
    public void The_signature_is_known_before_the_model_is_made(string recipe, string type)
    {
        Products().Save(_folder.File("m.onnx"));
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([48, 64], Noise.Floats(48 * 64))));

        var (foreseen, made, receipt) = Compress(recipe, data);

        Assert.Equal([$"x tensor {type} *,64"], foreseen.Inputs.Select(input => input.ToString().Replace("batch", "*", StringComparison.Ordinal)));
        Assert.Equal(type, foreseen.Outputs[0].Type);
        Assert.Equal(foreseen.Hash(), SignatureReader.Read(made).Hash());
        Assert.Equal(foreseen.Hash(), made.GetMetadata(ModelSignature.MetadataKey));
        Assert.All(receipt.Fidelity, output => Assert.InRange(output.SqnrDb!.Value, 20, 100));
    }

    [Fact]
    public void An_original_that_is_kept_has_the_contract_too()
    {
        new Net().Input("x", 4).Node("Relu", "x", "y").Output("y", DataType.Float, 4).Save(_folder.File("m.onnx"));

        var (foreseen, made, receipt) = Compress("float16(io=true)");

        Assert.Equal(Codes.OriginalKept, Assert.Single(receipt.Warnings).Code);
        Assert.Equal("float16", foreseen.Inputs[0].Type);
        Assert.Equal(foreseen.Hash(), SignatureReader.Read(made).Hash());
        using var session = new InferenceSession(made.ToBytes());
        Assert.Equal(typeof(Float16), session.OutputMetadata["y"].ElementType);
    }

    [Fact]
    public void Values_that_are_no_float32_stay_what_they_are()
    {
        var model = new Net()
            .Input("i", DataType.Int64, 2, 4)
            .Input("x", 2, 8)
            .Weight("w", 8, 4)
            .Node("MatMul", "x w", "a")
            .Node("Cast", "i", "b", ("to", 1L))
            .Node("Add", "a b", "y")
            .Node("ArgMax", "a", "z")
            .Output("y", DataType.Float, 2, 4)
            .Output("z", DataType.Int64, 1, 4)
            .Build();

        var signature = RecipeSignature.Read(model.Clone(), RecipeParser.Parse("float16(io=true)"));
        var narrow = Narrow.Run(model, "float16(io=true)", out _);

        Assert.Equal(["int64", "float16", "float16", "int64"], signature.Inputs.Concat(signature.Outputs).Select(value => value.Type));
        Assert.Equal(signature.Hash(), SignatureReader.Read(narrow).Hash());
    }

    [Fact]
    public void Models_that_are_too_old_are_refused_before_anything_is_made()
    {
        var model = new Net(opset: 6).Input("x", 4).Node("Relu", "x", "y").Output("y", DataType.Float, 4).Build();

        var exception = Assert.Throws<CompressionException>(() => RecipeSignature.Read(model, RecipeParser.Parse("float16(io=true)")));

        Assert.Equal(
            (
                Codes.UnknownOption,
                "'float16' cannot take io=true for this model: its opset is 6, and inputs and outputs of float16 need 7. "
                    + "Leave io out, or export the model again."
            ),
            (exception.Code, exception.Message)
        );
    }

    [Theory]
    [InlineData("float16", "cpu-x64", true)]
    [InlineData("float16", "cpu-arm64", true)]
    [InlineData("float16", "cuda", false)]
    [InlineData("float16-weights", "cpu-x64", false)]
    public void A_processor_as_the_target_is_a_warning(string recipe, string target, bool warns)
    {
        Products().Save(_folder.File("m.onnx"));

        var (_, _, receipt) = Compress(recipe, target: target);

        Assert.Equal(warns ? [Codes.WrongTarget] : [], receipt.Warnings.Select(warning => warning.Code));
        Assert.All(receipt.Warnings, warning => Assert.Contains("Take 'float16-weights'", warning.Text, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private (ModelSignature Foreseen, OnnxModel Made, Receipt Receipt) Compress(string recipe, string? data = null, string target = "cuda")
    {
        var foreseen = RecipeSignature.Read(OnnxModel.Load(_folder.File("m.onnx"), new OnnxLoadOptions { SkipWeights = true }), RecipeParser.Parse(recipe));
        var receipt = _folder.Compress(
            _folder.File("m.onnx"),
            recipe,
            request => request with { Target = TargetProfile.Parse(target), CalibrationData = data is null ? [] : [data] }
        );
        return (foreseen, OnnxModel.Load(_folder.File("out/small.onnx")), receipt);
    }

    private static Net Products() =>
        new Net()
            .OpenInput("x", "batch", "64")
            .Weight("w", 64, 64)
            .Weight("v", 64, 64)
            .Node("MatMul", "x w", "a")
            .Node("Tanh", "a", "b")
            .Node("MatMul", "b v", "y")
            .Output("y", DataType.Float, -1, 64);
}
