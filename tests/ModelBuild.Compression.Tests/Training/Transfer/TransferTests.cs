using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Tests.Training.Runs;
using ModelBuild.Compression.Training.Checkpoints;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Transfer;

/// <summary>Tests the step <c>transfer</c> on each form of a classifier.</summary>
public sealed class TransferTests : IDisposable
{
    private const string Recipe = "transfer(classes=3, steps=40, rate=0.05)";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, bool, string> Forms
    {
        get
        {
            var data = new TheoryData<string, string, bool, string>();
            foreach (var head in new[] { "Gemm", "MatMul Add", "MatMul", "Conv" })
            foreach (var end in new[] { "", "Softmax", "LogSoftmax", "Sigmoid" })
            foreach (var isFlat in new[] { true, false })
            foreach (var batch in new[] { "n", "2" })
                data.Add(head, end, isFlat, batch);
            return data;
        }
    }

    [Trait("Speed", "Slow")]
    [Theory]
    [MemberData(nameof(Forms))]
    public void A_classifier_learns_other_classes(string head, string end, bool isFlat, string batch)
    {
        var model = MadeClassifier.Net(head, end, isFlat, batch).Build();

        var result = MadeClassifier.Run(model, Recipe, [Labelled(head == "Conv")]);

        var signature = SignatureReader.Read(result.Model);
        Assert.Equal(isFlat ? [batch, "3"] : [batch, "3", "1", "1"], signature.Outputs[0].Shape!.Select(size => size.ToString()));
        Assert.Equal(signature.Hash(), RecipeSignature.Read(model.Clone(), RecipeParser.Parse(Recipe)).Hash());
        var outputs = Ort.Run(result.Model)["y"];
        Assert.Equal((batch == "n" ? 3 : 2) * 3, outputs.Length);
        if (end is "Softmax" or "Sigmoid")
            Assert.All(outputs, value => Assert.InRange(value, 0, 1));
        var report = result.Trained[0].Report;
        Assert.Equal((5, 3, 40), (report.Transfer!.OldClasses, report.Transfer.Classes, report.Transfer.LayerSteps));
        Assert.InRange(report.Transfer.Last!.Value, 0.8, 1);
        // A model with a fixed number of rows is trained in calls with this number of rows.
        Assert.Equal(batch == "n" ? (54, 6, true, 80) : (27, 3, true, 80), (report.Rows, report.HeldOutRows, report.HasLabels, report.Steps));
        Assert.DoesNotContain(result.Model.Proto.Graph.Initializer, tensor => tensor.Dims.Contains(5));
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("freeze=MatMul", true, false)]
    [InlineData("freeze=Gemm", false, true)]
    [InlineData("freeze=MatMul|Gemm", true, true)]
    [InlineData("freeze=*", true, true)]
    [InlineData("body-rate=0", true, true)]
    [InlineData("seed=1", false, false)]
    public void Frozen_layers_keep_their_bytes(string option, bool keepsFirst, bool keepsSecond)
    {
        var model = TwoLayers();

        var result = MadeClassifier.Run(model, $"optimize transfer(classes=3, steps=30, rate=0.05, {option})", [Labelled()]);

        Assert.Equal(keepsFirst, MadeClassifier.Values(result.Model, "a")!.SequenceEqual(MadeClassifier.Values(model, "a")!));
        Assert.Equal(keepsSecond, MadeClassifier.Values(result.Model, "b")!.SequenceEqual(MadeClassifier.Values(model, "b")!));
        var report = result.Trained[0].Report;
        Assert.Equal(keepsFirst && keepsSecond ? 30 : 60, report.Steps);
        Assert.Equal(keepsFirst, report.Frozen.Any(frozen => frozen.What == "a"));
        Assert.Equal(report.Steps == 30, report.Transfer!.OfLayer == report.Transfer.Last && report.Curve[^1].Step == 30);
        Assert.Equal(report.Curve.Select(point => point.Step).Order(), report.Curve.Select(point => point.Step));
    }

    [Fact]
    public void The_second_phase_has_the_lower_rate()
    {
        var result = MadeClassifier.Run(
            MadeClassifier.Net().Build(),
            "transfer(classes=3, steps=20, rate=0.05, body-rate=0.2, schedule=constant)",
            [Labelled()]
        );

        var curve = result.Trained[0].Report.Curve;
        Assert.All(curve.Where(point => point.Step is > 0 and <= 20), point => Assert.Equal(0.05, point.Rate, 1e-6));
        Assert.All(curve.Where(point => point.Step > 20), point => Assert.Equal(0.01, point.Rate, 1e-6));
        Assert.Contains(curve, point => point.Step > 20);
    }

    [Fact]
    public void Equal_seeds_have_equal_bytes_and_stored_values_replace_the_training()
    {
        const string Chain = "transfer(classes=3, steps=30, rate=0.05, seed=5) int8-weights";
        var (model, data) = (MadeClassifier.Net().Build(), Labelled());

        var one = MadeClassifier.Run(model, Chain, [data]);
        var other = MadeClassifier.Run(model, Chain, [data]);
        var stored = MadeClassifier.Run(model, Chain, [], one.Trained);
        var next = MadeClassifier.Run(model, Chain.Replace("seed=5", "seed=6", StringComparison.Ordinal), [data]);

        Assert.Equal(one.Model.ToBytes(), other.Model.ToBytes());
        Assert.Equal(one.Model.ToBytes(), stored.Model.ToBytes());
        Assert.NotEqual(one.Model.ToBytes(), next.Model.ToBytes());
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("step 12 of", 1)]
    [InlineData("step 30 of", 1)]
    [InlineData("step 12 of", 2)]
    [InlineData("step 30 of", 2)]
    public void An_interrupted_phase_goes_on_with_the_same_bytes(string step, int phase)
    {
        const string Phases = "transfer(classes=3, steps=40, rate=0.02, average=0.9)";
        var (model, data) = (MadeClassifier.Net().Build(), Labelled());
        var checkpoints = new CheckpointFolder(_folder.File("checkpoints"), "");
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            MadeClassifier.Run(model, Phases, [data], null, checkpoints, new StopAt(stop, step, phase), cancellationToken: stop.Token)
        );

        var resumed = MadeClassifier.Run(model, Phases, [data], checkpoints: checkpoints);

        Assert.Equal(2, Directory.EnumerateFiles(checkpoints.Location).Count());
        Assert.Equal(MadeClassifier.Run(model, Phases, [data]).Model.ToBytes(), resumed.Model.ToBytes());
    }

    [Fact]
    public void Constants_that_other_layers_read_stay_as_they_are()
    {
        // The body and the last layer have the same bias, and two Reshape nodes have the same shape.
        var model = new Net()
            .OpenInput("x", "n", "8")
            .Weight("a", 8, 5)
            .Weight("w", 5, 5)
            .Weight("b", 5)
            .Constant<long>("shape", [2], -1, 5)
            .Node("Gemm", "x a b", "h")
            .Node("Reshape", "h shape", "g")
            .Node("Relu", "g", "r")
            .Node("Gemm", "r w b", "s")
            .Node("Reshape", "s shape", "t")
            .Node("Softmax", "t", "y", ("axis", 1L))
            .OpenOutput("y", "n", "5")
            .Build();

        var result = MadeClassifier.Run(model, "optimize transfer(classes=3, steps=30, rate=0.05, freeze=*)", [Labelled()]);

        Assert.Equal(MadeClassifier.Values(model, "b"), MadeClassifier.Values(result.Model, "b"));
        Assert.Equal(9, Ort.Run(result.Model)["y"].Length);
    }

    [Fact]
    public void Probabilities_decisions_and_scores_have_the_new_classes()
    {
        var model = new Net()
            .OpenInput("x", "n", "8")
            .Weight("w", 8, 5)
            .Node("MatMul", "x w", "scores")
            .Node("Softmax", "scores", "y", ("axis", 1L))
            .Node("ArgMax", "scores", "top", ("axis", 1L), ("keepdims", 0L))
            .OpenOutput("scores", "n", "5")
            .OpenOutput("y", "n", "5")
            .Output("top", TensorProto.Types.DataType.Int64, -1)
            .Build();

        var result = MadeClassifier.Run(model, Recipe, [Labelled()]);

        var shapes = SignatureReader.Read(result.Model).Outputs.Select(output => string.Join(',', output.Shape!));
        Assert.Equal(["n,3", "n,3", "?"], shapes);
        Assert.Equal((9, 9), (Ort.Run(result.Model)["scores"].Length, Ort.Run(result.Model)["y"].Length));
    }

    [Fact]
    public void Names_of_the_old_classes_leave_the_metadata()
    {
        var model = MadeClassifier.Net().Build();
        model.SetMetadata("names", "{0: 'a', 1: 'b', 2: 'c', 3: 'd', 4: 'e'}");
        model.SetMetadata("labels", "[\"a\", \"b\", \"c\", \"d\", \"e\"]");
        model.SetMetadata("others", "[\"a\", \"b\"]");
        model.SetMetadata("author", "somebody");

        var result = MadeClassifier.Run(model, Recipe, [Labelled()]);

        Assert.Equal(["author", "others"], result.Model.Proto.MetadataProps.Select(entry => entry.Key).Order(StringComparer.Ordinal));
        Assert.Equal(2, result.Steps[^1].Report.Changes["lists of old class names removed from the metadata"]);
    }

    [Theory]
    [InlineData("transfer(10)", "transfer(classes=10)")]
    [InlineData("transfer(10, fc1|conv*)", "transfer(classes=10, freeze=fc1|conv*)")]
    [InlineData("transfer(classes=10, body-rate=0.5, augment=shift(2))", "transfer(classes=10, body-rate=0.5, augment=shift(2))")]
    [InlineData("transfer(classes=10, augment=none)", "transfer(classes=10, augment=none)")]
    [InlineData("transfer", "transfer")]
    public void The_one_line_form_has_what_is_set(string text, string written) => Assert.Equal(written, RecipeParser.Parse(text).ToString());

    public void Dispose() => _folder.Dispose();

    private string Labelled(bool isImage = false) => MadeClassifier.Write(_folder.File("train.npz"), isImage, label: label => label);

    private static OnnxModel TwoLayers() =>
        new Net()
            .OpenInput("x", "n", "8")
            .Weight("a", 8, 8)
            .Weight("b", 8, 8)
            .Weight("c", 8)
            .Weight("w", 8, 5)
            .Node("MatMul", "x a", "h")
            .Node("Relu", "h", "r")
            .Node("Gemm", "r b c", "g")
            .Node("Relu", "g", "q")
            .Node("MatMul", "q w", "y")
            .OpenOutput("y", "n", "5")
            .Build();
}
