using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tests.Training.Runs;
using ModelBuild.Compression.Tests.Training.Transfer;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Explanation;

/// <summary>Tests the explanation of a training in its report.</summary>
public sealed class ExplanationTests : IDisposable
{
    // A quarter of the rows is held out from all steps for verification. A tenth of the remaining 300 rows is held out from training.
    private const int Rows = 400;
    private const int HeldOut = 30;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_distilled_student_is_compared_with_its_teacher_layer_by_layer_and_class_by_class()
    {
        Dense(width: 6, "student ", scores: true).Save(_folder.File("student.onnx"));
        var teacher = Dense(width: 16, "", scores: true).Build();

        var result = MadeTraining.Run(teacher, "distill(student.onnx, steps=200, rate=0.01, features=auto)", MadeTraining.Rows(Rows, 8), _folder.Path);

        var explanation = result.Training.Explanation!;
        Assert.Equal((HeldOut, HeldOut), (explanation.Rows, explanation.LayerRows));
        Assert.Equal(2, explanation.Layers.Count);
        Assert.All(explanation.Layers, layer => Assert.False(layer.IsByName));
        Assert.All(explanation.Layers, layer => Assert.InRange(layer.Cka, 0, 1));
        Assert.InRange(explanation.Layers[^1].Cka, 0.3, 1);
        Assert.InRange(Assert.Single(explanation.Outputs).After, 0, explanation.Outputs[0].Before);
        var agreement = explanation.Classes!.Agreement!;
        Assert.Null(explanation.Classes.Accuracy);
        Assert.Equal((HeldOut, Agreed(teacher, result.Model)), (agreement.Rows, agreement.After));
        Assert.Equal(agreement.Rows, explanation.Classes.Classes.Sum(one => one.Agreement!.Rows));
        Assert.Equal(agreement.After, explanation.Classes.Classes.Sum(one => one.Agreement!.After));
        Assert.Equal(agreement.Before, explanation.Classes.Classes.Sum(one => one.Agreement!.Before));
        Assert.InRange(agreement.After, agreement.Before, HeldOut);
        Assert.Equal((10, SampleMeasure.Divergence), (explanation.Samples.Count, explanation.Measure));
        Assert.Equal(explanation.Samples.Select(sample => sample.Difference).OrderDescending(), explanation.Samples.Select(sample => sample.Difference));
        Assert.All(explanation.Samples, sample => Assert.True(sample is { Teacher.Class: not null, Student.Class: not null, Label: null }));
    }

    [Fact]
    public void Terms_of_the_loss_have_their_weights_and_shares()
    {
        Dense(width: 6, "student ", scores: true).Save(_folder.File("student.onnx"));

        var result = MadeTraining.Run(
            Dense(width: 16, "", scores: true).Build(),
            "distill(student.onnx, steps=40, rate=0.01, features=auto, feature-weight=0.5)",
            MadeTraining.Rows(Rows, 8),
            _folder.Path
        );

        var terms = result.Training.Explanation!.Terms;
        Assert.Equal(["teacher", "features of student 2"], terms.Select(term => term.Term));
        Assert.Equal([1, 0.5], terms.Select(term => term.Weight));
        Assert.Equal((1, 1), (terms.Sum(term => term.FirstShare), terms.Sum(term => term.LastShare)), new Near(1e-9));
        Assert.Equal(result.Training.Curve[0].HeldOut!.Value, terms.Sum(term => term.First), 1e-9);
        Assert.Equal(result.Training.Terms["teacher"], terms[0].Last);
        Assert.All(result.Training.Curve, point => Assert.Equal(point.HeldOut!.Value, point.Terms!.Values.Sum(), 1e-9));
    }

    [Fact]
    public void Layers_of_a_pruned_model_are_compared_by_name()
    {
        var model = Dense(width: 16, "", scores: false).Build();

        var result = MadeTraining.Run(model, "prune-channels(0.5) fine-tune(steps=40)", MadeTraining.Rows(Rows, 8));

        var explanation = result.Training.Explanation!;
        Assert.All(explanation.Layers, layer => Assert.True(layer.IsByName));
        Assert.Equal(2, explanation.Layers.Count);
        Assert.Equal(SampleMeasure.RelativeError, explanation.Measure);
        Assert.Null(explanation.Classes);
        Assert.All(explanation.Samples, sample => Assert.Equal("y", sample.Output));
        Assert.Equal(Error(model, result.Model), Assert.Single(explanation.Outputs).After, 1e-4);
    }

    [Fact]
    public void A_model_that_stays_as_it_is_equals_its_teacher()
    {
        var result = MadeTraining.Run(Dense(width: 16, "", scores: true).Build(), "fine-tune(steps=2)", MadeTraining.Rows(Rows, 8));

        var explanation = result.Training.Explanation!;
        Assert.Equal(0, result.Training.BestStep);
        Assert.All(explanation.Layers, layer => Assert.Equal(1, layer.Cka, 1e-9));
        Assert.Equal(0, Assert.Single(explanation.Outputs).After);
        Assert.Equal(explanation.Classes!.Agreement!.Rows, explanation.Classes.Agreement.After);
        Assert.Empty(explanation.Samples);
        Assert.Null(explanation.Measure);
    }

    [Fact]
    public void Few_held_out_rows_are_not_enough_to_compare_layers()
    {
        var result = MadeTraining.Run(Dense(width: 16, "", scores: true).Build(), "prune(0.5) fine-tune(steps=5)", MadeTraining.Rows(40, 8));

        var explanation = result.Training.Explanation!;
        Assert.Equal((3, 0), (explanation.Rows, explanation.LayerRows));
        Assert.Empty(explanation.Layers);
        Assert.NotNull(explanation.Classes);
    }

    [Fact]
    public void Without_held_out_rows_nothing_is_measured()
    {
        var result = MadeTraining.Run(Dense(width: 16, "", scores: true).Build(), "prune(0.5) fine-tune(steps=5)", MadeTraining.Rows(1, 8));

        Assert.Equal(JsonText.Of(TrainingExplanation.None), JsonText.Of(result.Training.Explanation));
        Assert.Equal("No row is held out, so the trained model was not compared with its teacher.", TrainingWords.Explanation(result.Training));
    }

    [Fact]
    public void Labels_say_how_often_the_teacher_and_the_model_are_right()
    {
        var data = MadeClassifier.Write(_folder.File("train.npz"), label: label => label);

        var result = MadeClassifier.Run(MadeClassifier.Net(end: "Softmax").Build(), "prune(0.5) fine-tune(steps=40, rate=0.01, loss=labels)", [data]);

        var accuracy = result.Training.Explanation!.Classes!.Accuracy!;
        Assert.Equal(6, accuracy.Rows);
        Assert.NotNull(accuracy.Teacher);
        Assert.InRange(accuracy.After, accuracy.Before, 6);
        Assert.Equal(accuracy.After, result.Training.Explanation.Classes.Classes.Sum(one => one.Accuracy?.After ?? 0));
        Assert.All(
            result.Training.Explanation.Samples,
            sample => Assert.Equal(("train.npz", true), (sample.File, sample.Label == sample.Row % MadeClassifier.Classes))
        );
    }

    [Fact]
    public void A_model_with_other_classes_is_compared_with_the_labels_and_with_its_layers_before()
    {
        var data = MadeClassifier.Write(_folder.File("train.npz"), label: label => label);

        var result = MadeClassifier.Run(MadeClassifier.Net(end: "Sigmoid").Build(), "transfer(classes=3, steps=40, rate=0.05)", [data]);

        var explanation = result.Training.Explanation!;
        Assert.Null(explanation.Classes!.Agreement);
        Assert.Equal((6, null), (explanation.Classes.Accuracy!.Rows, explanation.Classes.Accuracy.Teacher));
        Assert.Equal(result.Training.Transfer!.Last!.Value, explanation.Classes.Accuracy.After / 6.0, 1e-6);
        Assert.Equal(SampleMeasure.LabelLoss, explanation.Measure);
        Assert.Empty(explanation.Outputs);
    }

    [Fact]
    public void A_quantized_convolution_is_compared_by_name()
    {
        var model = new Net()
            .Input("x", -1, 2, 6, 6)
            .Weight("a", 8, 2, 3, 3)
            .Weight("b", 8, 4)
            .Node("Conv", "x a", "c")
            .Node("Relu", "c", "r")
            .Node("GlobalAveragePool", "r", "g")
            .Node("Flatten", "g", "f")
            .Node("MatMul", "f b", "y")
            .Output("y", DataType.Float, -1, 4)
            .Build();

        var result = MadeTraining.Run(model, "int8 fine-tune(steps=10)", MadeTraining.Rows(Rows, 2, 6, 6));

        var layers = result.Training.Explanation!.Layers;
        Assert.Equal(2, layers.Count);
        Assert.All(layers, layer => Assert.InRange(layer.Cka, 0.9, 1));
    }

    public void Dispose() => _folder.Dispose();

    // The method returns the rows that training holds out, with the same division as in the engine.
    private static IEnumerable<Sample> HeldOutRows()
    {
        var fit = new CalibrationContext(MadeTraining.Rows(Rows, 8), threads: 1).Fit!;
        Sample[] all = [.. fit.Read(TestContext.Current.CancellationToken)];
        var seed = DerivedSeed.Of(1UL);
        var division = DerivedSeed.Of(seed, 1);
        return RowDivision.Of(all.Length, division).HeldOut.Select(row => all[row]);
    }

    private static int Agreed(OnnxModel one, OnnxModel other) =>
        Outputs(one).Zip(Outputs(other)).Count(pair => Array.IndexOf(pair.First, pair.First.Max()) == Array.IndexOf(pair.Second, pair.Second.Max()));

    private static double Error(OnnxModel teacher, OnnxModel student)
    {
        var pairs = Outputs(teacher).Zip(Outputs(student)).SelectMany(row => row.First.Zip(row.Second)).ToArray();
        return Math.Sqrt(pairs.Sum(pair => Math.Pow(pair.First - pair.Second, 2)) / pairs.Sum(pair => pair.First * pair.First));
    }

    private static IReadOnlyList<double[]> Outputs(OnnxModel model)
    {
        using var runner = new ModelRunner(Sessions.OpenPortable(model));
        return [.. HeldOutRows().Select(row => runner.Run(row, TestContext.Current.CancellationToken)[0].Numbers)];
    }

    private static Net Dense(int width, string prefix, bool scores)
    {
        var net = new Net()
            .Input("x", -1, 8)
            .Weight($"{prefix}a", 8, width)
            .Weight($"{prefix}b", width, 4)
            .Add(Nodes.Create("MatMul", ["x", $"{prefix}a"], [$"{prefix}1"]))
            .Add(Nodes.Create("Relu", [$"{prefix}1"], [$"{prefix}2"]))
            .Add(Nodes.Create("MatMul", [$"{prefix}2", $"{prefix}b"], [scores ? $"{prefix}3" : "y"]));
        if (scores)
            net.Add(Nodes.Create("Softmax", [$"{prefix}3"], ["y"], attributes: [("axis", 1L)]));
        return net.Output("y", DataType.Float, -1, 4);
    }

    // The class compares pairs of numbers with a tolerance.
    private sealed class Near(double tolerance) : IEqualityComparer<(double, double)>
    {
        public bool Equals((double, double) one, (double, double) other) =>
            Math.Abs(one.Item1 - other.Item1) <= tolerance && Math.Abs(one.Item2 - other.Item2) <= tolerance;

        public int GetHashCode((double, double) pair) => 0;
    }
}
