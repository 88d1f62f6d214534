using ModelBuild.Compression.Comparison;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Verification;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Comparison;

public sealed class GraphErrorsTests
{
    private const int Rows = 64;

    [Fact]
    public void The_node_that_adds_the_error_is_the_largest_step()
    {
        var errors = Measure(Net(), Net(perturbed: 1.3f));

        Assert.Equal(["h", "r", "s", "y"], errors.Select(error => error.Value));
        Assert.Equal([OutputFidelity.IdenticalDb, OutputFidelity.IdenticalDb], errors.Take(2).Select(error => error.SqnrDb));
        Assert.All(errors.Skip(2), error => Assert.InRange(error.SqnrDb, 1, 60));
        var step = Outputs(errors).LargestSteps()[0];
        Assert.Equal(("s", "MatMul of 's'"), (step.Value, step.Node));
        Assert.Equal(OutputFidelity.IdenticalDb, step.BeforeDb);
    }

    /// <summary>Channels of a value are multiplied by factors and the next layer divides by these factors, as in the result of <c>equalize</c>.</summary>
    [Fact]
    public void Factors_of_channels_are_no_error()
    {
        var (first, second) = (Net(), Net(scale: 3));

        var errors = Measure(first, second);

        Assert.Equal([true, true, false, false], errors.Select(error => error.IsRescaled));
        Assert.All(errors, error => Assert.True(error.SqnrDb > 90, $"{error.Value}: {error.SqnrDb}"));
    }

    [Fact]
    public void Values_of_other_shapes_or_names_are_not_compared()
    {
        var other = new Net().Input("x", -1, 4).Weight("v", 4, 8).Node("MatMul", "x v", "h").Weight("u", 8, 4).Node("MatMul", "h u", "y").Output("y");

        Assert.Equal(["y"], Measure(Net(), other).Select(error => error.Value));
    }

    private static IReadOnlyList<ValueError> Measure(Net first, Net second)
    {
        var array = new SampleArray(DataType.Float, [Rows, 4], Noise.Floats(Rows * 4).SelectMany(BitConverter.GetBytes).ToArray());
        var sample = new Sample(new Dictionary<string, SampleArray>(StringComparer.Ordinal) { ["x"] = array }, Labels: null);
        return GraphErrors.Measure(first.Build(), second.Build(), [sample], CancellationToken.None);
    }

    private static ComparedOutputs Outputs(IReadOnlyList<ValueError> errors) => new(new(InputKind.Calibration, 1, null), [], Passed: true, [], errors);

    // The network consists of two layers and a ReLU. A part of the second weight is perturbed, and a scale is moved from the second layer to the first one.
    private static Net Net(float perturbed = 1, float scale = 1)
    {
        float[] before = [.. Noise.Floats(16, seed: 5).Select(weight => weight * scale)];
        float[] after =
        [
            .. Noise
                .Floats(16, seed: 6)
                .Select(
                    (weight, i) =>
                        weight
                        / scale
                        * (
                            i % 3 == 0 ? perturbed
                            : i % 3 == 1 ? 2 - perturbed
                            : 1
                        )
                ),
        ];
        return new Net()
            .Input("x", -1, 4)
            .Constant("w", [4, 4], before)
            .Constant("v", [4, 4], after)
            .Node("MatMul", "x w", "h")
            .Node("Relu", "h", "r")
            .Node("MatMul", "r v", "s")
            .Node("Neg", "s", "y")
            .Output("y");
    }
}
