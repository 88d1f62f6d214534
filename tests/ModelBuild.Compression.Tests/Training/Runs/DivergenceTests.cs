using ModelBuild.Compression.Diagnostics;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Runs;

/// <summary>Tests that a training whose loss is not finite fails with MB1045, or continues with a smaller rate.</summary>
public sealed class DivergenceTests
{
    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("rmsprop")]
    public void A_rate_that_halving_does_not_mend_is_an_error_with_the_step(string optimizer)
    {
        var exception = Assert.Throws<CompressionException>(() => Run($"fine-tune(rate=1e30, optimizer={optimizer}, schedule=constant, steps=40)"));

        Assert.Equal("MB1045", exception.Code);
        Assert.Matches("not finite at step [0-9]+, .*smaller rate", exception.Message);
    }

    [Fact]
    public void After_a_loss_that_is_not_finite_training_goes_on_with_a_smaller_rate()
    {
        var result = Run("fine-tune(rate=0.5, optimizer=sgd, schedule=constant, steps=400)");

        Assert.InRange(result.Training.Curve[^1].Rate, 1e-9, 0.25);
        Assert.InRange(result.Improvement, 0, 0.99);
    }

    [Fact]
    public void A_held_out_loss_that_is_not_finite_is_no_point_of_the_curve()
    {
        // With ten steps the held-out loss is measured after each step, and fewer halvings are made than are possible.
        var result = Run("fine-tune(rate=1e30, optimizer=sgd, schedule=constant, steps=10)");

        Assert.Equal(0, result.Training.BestStep);
        Assert.NotEmpty(result.Training.Curve);
        Assert.All(result.Training.Curve, point => Assert.True(double.IsFinite(point.Loss ?? 0) && double.IsFinite(point.HeldOut ?? 0)));
    }

    private static MadeResult Run(string step) =>
        MadeTraining.Run(
            new Net()
                .Input("x", -1, 8)
                .Weight("a", 8, 6)
                .Weight("b", 6, 4)
                .Node("MatMul", "x a", "h")
                .Node("Relu", "h", "r")
                .Node("MatMul", "r b", "y")
                .Output("y", DataType.Float, -1, 4)
                .Build(),
            $"prune(0.5) {step}",
            MadeTraining.Rows(96, 8)
        );
}
