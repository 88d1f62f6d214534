using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Precision;

/// <summary>Tests the verification of 16-bit floats on a processor that does not compute in them.</summary>
public sealed class AcceleratorArithmeticTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void ONNX_Runtime_computes_float16_in_float32_on_the_processor()
    {
        var model = NumbersTests.Overflowing();
        var narrow = Narrow.Run(model, "float16", out _);

        // On the processor nothing overflows, because the Casts that ONNX Runtime puts around each node cancel out. If the assertion fails, the processor can
        // verify float16 as it is.
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(narrow)), 50, double.PositiveInfinity);
        Assert.DoesNotContain(Ort.Run(Narrow.Rounded(narrow))["y"], float.IsFinite);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Recipes_for_accelerators_are_verified_as_those_round()
    {
        var file = _folder.File("model.onnx");
        NumbersTests.Overflowing().Save(file);

        Assert.Equal(Codes.FidelityMissed, Assert.Throws<CompressionException>(() => Compress(file, "cuda")).Code);
        Assert.InRange(Compress(file, "cpu-x64").Fidelity[0].SqnrDb!.Value, 50, 100);
    }

    [Fact]
    public void Each_result_is_rounded_and_nothing_else()
    {
        var model = new Net()
            .Input("x", 2, 4)
            .Weight("w", 4, 4)
            .Constant("shape", [1], 8L)
            .Node("MatMul", "x w", "a")
            .Node("Reshape", "a shape", "b")
            .Node("Relu", "b", "y")
            .Output("y", TensorProto.Types.DataType.Float, 8)
            .Build();

        var rounded = Narrow.Rounded(Narrow.Run(model, "float16(io=true)", out _));

        // Each result is cast twice. The input and the weight are also cast.
        Assert.Equal(7, Narrow.Casts(rounded).Length);
        using var session = new InferenceSession(rounded.ToBytes());
        Assert.Equal(typeof(float), session.InputMetadata["x"].ElementType);
    }

    [Fact]
    public void Models_that_take_float16_are_verified_on_the_samples_of_those_that_take_float32()
    {
        var model = new Net().Input("x", 64, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y", TensorProto.Types.DataType.Float, 64, 64).Build();
        model.Save(_folder.File("model.onnx"));

        Assert.All(
            (string[])["cpu-x64", "cuda"],
            target => Assert.InRange(Compress(_folder.File("model.onnx"), target, "float16(io=true)").Fidelity[0].SqnrDb!.Value, 55, 100)
        );
    }

    public void Dispose() => _folder.Dispose();

    private Receipt Compress(string file, string target, string recipe = "float16") =>
        Compressor.Compress(
            new CompressionRequest(file, _folder.File("small.onnx"))
            {
                Recipe = RecipeParser.Parse(recipe),
                Target = TargetProfile.Parse(target),
                Budget = new FidelityBudget(MinSqnr: 40),
            }
        );
}
