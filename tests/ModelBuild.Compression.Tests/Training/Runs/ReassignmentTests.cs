using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Training;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Losses;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Compression.Training.Runs;
using ModelBuild.Compression.Training.Stored;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Runs;

/// <summary>Tests that weights that share values change to the next value if that reduces the loss.</summary>
public sealed class ReassignmentTests
{
    private static readonly float[] Shared = [-0.6f, -0.2f, 0, 0.3f, 0.7f];

    [Fact]
    public void Weights_with_a_wrong_value_get_the_right_one()
    {
        var right = Weights(change: false);
        var samples = MadeTraining.Rows(256, 12);
        var model = TrainableModel.Open(Product(Weights(change: true)), samples, keepsZeros: false, CancellationToken.None);
        using var teacher = new Teacher(TrainableModel.Open(Product(right), samples, keepsZeros: false, CancellationToken.None).Model, threads: 1);
        using var rows = TrainingSet.Copy(samples, SignatureReader.Read(model.Model), long.MaxValue, seed: 1, CancellationToken.None);
        var value = Assert.IsType<SharedValue>(Assert.Single(model.Values()));
        var loss = new SquaredErrorLoss("y", "y", weight: 1);
        using var training = Runs(GradientKind.Parameters);
        using var measuring = Runs(GradientKind.None);
        LossRuns Runs(GradientKind kind) => new(model.Model, [value.Input], loss, new TeacherCache(teacher, isRandom: false), threads: 1, kind);
        value.Compute();
        var zeros = value.Input.Values.Index().Where(one => one.Item == 0).Select(one => one.Index).ToArray();
        var before = HeldOutLoss.Measure(measuring, rows, 32, CancellationToken.None);

        var (after, moved) = new Reassignment(training, measuring, rows, 32, CancellationToken.None).Run([value], before);

        Assert.Equal(after.Loss, HeldOutLoss.Measure(measuring, rows, 32, CancellationToken.None).Loss);
        Assert.True(after.Loss < before.Loss * 0.2, $"{before.Loss} became {after.Loss}");
        Assert.Equal(right.Zip(Weights(change: true)).Count(pair => pair.First != pair.Second), moved);
        Assert.Subset(Shared.ToHashSet(), value.Input.Values.ToHashSet());
        Assert.All(zeros, index => Assert.Equal(0, value.Input.Values[index]));
    }

    [Theory]
    [InlineData("cluster(4, form=shared) fine-tune(steps=80, rate=0.003)", 4)]
    [InlineData("prune(0.5) cluster(4, form=shared) fine-tune(steps=80, rate=0.003)", 5)]
    public void The_number_of_values_stays_and_the_receipt_counts_the_moved_weights(string recipe, int most)
    {
        var result = MadeTraining.Run(Products(), recipe, MadeTraining.Rows(400, 16));

        Assert.InRange(result.Training.Reassigned, 1, 1000);
        var graph = new Graph(result.Model);
        foreach (var node in graph.Nodes.Where(node => node.OpType == "MatMul"))
            if (graph.TryGetConstant(node.Input[1], out var weight))
                Assert.InRange(weight.ToFloats().Distinct().Count(), 2, most);
    }

    // Returns weights, of which every seventh one has the value of the codebook below the right one if 'change' is true.
    private static float[] Weights(bool change)
    {
        var weights = new float[12 * 10];
        for (var i = 0; i < weights.Length; i++)
        {
            var code = i * 7 % 5;
            weights[i] = Shared[change && i % 7 == 0 && code is 1 or 4 ? code - 1 : code];
        }

        return weights;
    }

    private static OnnxModel Product(float[] weights) =>
        new Net(opset: 21, irVersion: 10)
            .OpenInput("x", "n", "12")
            .Constant("w", [12, 10], weights)
            .Node("MatMul", "x w", "y")
            .OpenOutput("y", "n", "10")
            .Build();

    private static OnnxModel Products() =>
        new Net()
            .OpenInput("x", "n", "16")
            .Weight("w", 16, 64)
            .Node("MatMul", "x w", "m")
            .Node("Relu", "m", "h")
            .Weight("v", 64, 8)
            .Node("MatMul", "h v", "y")
            .Output("y")
            .Build();
}
