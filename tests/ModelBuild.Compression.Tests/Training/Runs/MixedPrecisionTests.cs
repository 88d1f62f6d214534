using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Losses;
using ModelBuild.Compression.Training.Precision;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Compression.Training.Runs;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Runs;

/// <summary>Tests training whose products and convolutions are computed in 16 bits.</summary>
public sealed class MixedPrecisionTests
{
    // The relative rounding errors of numbers of 16 bits are 2⁻¹¹ and 2⁻⁸. A gradient is a sum of positive and negative numbers, so that its relative
    // difference can be many times larger.
    [Theory]
    [InlineData("Mixed", 4.9e-4)]
    [InlineData("Bfloat16", 3.9e-3)]
    public void Gradients_are_those_of_full_precision_within_rounding(string name, double rounding)
    {
        var precision = Enum.Parse<TrainingPrecision>(name);
        foreach (var model in new[] { Convolutions(), Products() })
        {
            var full = Gradients(model, TrainingPrecision.Full, scale: null);
            var scale = new LossScale(precision);
            while (scale.Value > 256)
                scale.TryHalve();
            var mixed = Gradients(model, precision, scale);

            Assert.Equal(full.Count, mixed.Count);
            foreach (var (one, other) in full.Zip(mixed))
            {
                var norm = Math.Sqrt(one.Sum(value => (double)value * value));
                var error = Math.Sqrt(one.Zip(other).Sum(pair => Math.Pow(pair.First - pair.Second, 2)));
                Assert.InRange(error / norm, rounding / 20, rounding * 64);
            }
        }
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("mixed")]
    [InlineData("bfloat16")]
    public void A_training_lowers_the_loss_of_the_float32_model_as_full_precision_does(string precision)
    {
        var rows = MadeTraining.Rows(256, 2, 6, 6);
        const string Options = "steps=100, rate=0.003, batch=16";

        var full = MadeTraining.Run(Convolutions(), $"prune(0.7) fine-tune({Options})", rows);
        var mixed = MadeTraining.Run(Convolutions(), $"prune(0.7) fine-tune({Options}, precision={precision})", rows);

        Assert.Equal(full.Improvement, mixed.Improvement, full.Improvement * 0.25);
        Assert.NotEqual(full.Model.ToBytes(), mixed.Model.ToBytes());
        Assert.All(mixed.Model.Proto.Graph.Initializer, tensor => Assert.Equal((int)TensorProto.Types.DataType.Float, tensor.DataType));
    }

    // The first factor overflows float16, so that the training of the same model in the test above skips its first steps.
    [Fact]
    public void The_first_factor_overflows_float16_in_this_model() =>
        Assert.Contains(Gradients(Convolutions(), TrainingPrecision.Mixed, new LossScale(TrainingPrecision.Mixed)), values => !values.All(float.IsFinite));

    [Fact]
    public void The_factor_is_halved_after_an_overflow_and_doubled_after_many_steps()
    {
        var scale = new LossScale(TrainingPrecision.Mixed);
        var first = scale.Value;

        Assert.True(scale.TryHalve());
        Assert.Equal(first / 2, scale.Value);
        for (var i = 0; i < 2000; i++)
            scale.Advance();
        Assert.Equal(first, scale.Value);
        var restored = new LossScale(TrainingPrecision.Mixed);
        scale.TryHalve();
        restored.Restore(scale.Save());
        Assert.Equal(scale.Value, restored.Value);
        while (scale.Value > 1)
            Assert.True(scale.TryHalve());
        Assert.False(scale.TryHalve());
    }

    private static List<float[]> Gradients(OnnxModel net, TrainingPrecision precision, LossScale? scale)
    {
        var samples = MadeTraining.Rows(64, 2, 6, 6);
        var model = TrainableModel.Open(net, samples, keepsZeros: false, CancellationToken.None);
        using var teacher = new Teacher(model.Model, threads: 1);
        using var rows = TrainingSet.Copy(samples, SignatureReader.Read(model.Model), long.MaxValue, seed: 1, CancellationToken.None);
        Parameter[] parameters = [.. model.Values().Select(value => value.Input)];
        // Without a difference from the teacher, all gradients are zero.
        foreach (var parameter in parameters)
            for (var i = 0; i < parameter.Values.Length; i += 2)
                parameter.Values[i] *= 1.5f;
        using var runs = new LossRuns(
            model.Model,
            parameters,
            new SquaredErrorLoss("y", "y", weight: 1),
            new TeacherCache(teacher, isRandom: false),
            threads: 1,
            GradientKind.Parameters,
            moved: null,
            precision,
            scale
        );
        runs.Run(rows.Training(16).First());
        return [.. parameters.Select(parameter => parameter.Gradient.ToArray())];
    }

    private static OnnxModel Convolutions() =>
        new Net(opset: 21, irVersion: 10)
            .OpenInput("x", "n", "2", "6", "6")
            .Weight("a", 8, 2, 3, 3)
            .Node("Conv", "x a", "c")
            .Node("Relu", "c", "r")
            .Weight("b", 16, 8, 3, 3)
            .Node("Conv", "r b", "d")
            .Node("Relu", "d", "s")
            .Node("Flatten", "s", "f")
            .Weight("w", 64, 5)
            .Node("MatMul", "f w", "y")
            .OpenOutput("y", "n", "5")
            .Build();

    private static OnnxModel Products() =>
        new Net(opset: 21, irVersion: 10)
            .OpenInput("x", "n", "2", "6", "6")
            .Node("Flatten", "x", "f")
            .Weight("a", 72, 16)
            .Weight("u", 16)
            .Node("Gemm", "f a u", "c")
            .Node("Tanh", "c", "r")
            .Weight("w", 16, 5)
            .Node("MatMul", "r w", "y")
            .OpenOutput("y", "n", "5")
            .Build();
}
