using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tests.Training.Runs;
using ModelBuild.Compression.Training.Checkpoints;
using ModelBuild.Compression.Training.Steps;
using ModelBuild.Compression.Training.Workers;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Transfer;

/// <summary>Creates small classifiers of five classes, and rows of three classes that one feature distinguishes.</summary>
internal static class MadeClassifier
{
    public const int OldClasses = 5;
    public const int Classes = 3;
    public const int Rows = 60;

    /// <summary>Returns a classifier with the input <c>x</c> and the output <c>y</c>.</summary>
    /// <param name="head">The last layer: <c>Gemm</c>, <c>MatMul</c>, <c>MatMul Add</c> or <c>Conv</c>.</param>
    /// <param name="end">The operator behind it; empty for none.</param>
    /// <param name="isFlat">Whether the output is [rows, classes], and not [rows, classes, 1, 1].</param>
    /// <param name="batch">The declared number of rows: a number or a symbol.</param>
    public static Net Net(string head = "Gemm", string end = "", bool isFlat = true, string batch = "n")
    {
        var isConv = head == "Conv";
        var net = isConv ? new Net().OpenInput("x", batch, "4", "3", "3") : new Net().OpenInput("x", batch, "8");
        if (isConv)
            net.Weight("a", 8, 4, 1, 1).Node("Conv", "x a", "h").Node("Relu", "h", "r");
        else
            net.Weight("a", 8, 8).Node("MatMul", "x a", "h").Node("Relu", "h", "r");
        switch (head)
        {
            case "Conv":
                net.Weight("w", OldClasses, 8, 1, 1).Weight("b", OldClasses).Node("Conv", "r w b", "c").Node("GlobalAveragePool", "c", "s");
                break;
            case "MatMul Add":
                net.Weight("w", 8, OldClasses).Weight("b", OldClasses).Node("MatMul", "r w", "c").Node("Add", "c b", "s");
                break;
            case "MatMul":
                net.Weight("w", 8, OldClasses).Node("MatMul", "r w", "s");
                break;
            default:
                net.Weight("w", OldClasses, 8).Weight("b", OldClasses).Node("Gemm", "r w b", "s", ("transB", 1L));
                break;
        }

        var rows = long.TryParse(batch, out var size) ? size : -1;
        long[] shape = isFlat ? [rows, OldClasses] : [rows, OldClasses, 1, 1];
        net.Constant("shape", [shape.Length], shape).Node("Reshape", "s shape", end.Length > 0 ? "t" : "y");
        if (end.Length > 0)
            net.Node(end, "t", "y", end == "Sigmoid" ? [] : [("axis", 1L)]);
        return isFlat ? net.OpenOutput("y", batch, "5") : net.OpenOutput("y", batch, "5", "1", "1");
    }

    /// <summary>Writes labelled rows. The feature with the number of the class is large.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isImage">Whether rows have the shape [4, 3, 3], and not [8].</param>
    /// <param name="seed">The seed of the rows.</param>
    /// <param name="label">The label of a class; null for no labels.</param>
    public static string Write(string path, bool isImage = false, int seed = 3, Func<int, long>? label = null)
    {
        long[] shape = isImage ? [Rows, 4, 3, 3] : [Rows, 8];
        var (features, repeats) = isImage ? (4, 9) : (8, 1);
        var values = Noise.Floats(Rows * features * repeats, seed, 0.3);
        for (var row = 0; row < Rows; row++)
        for (var i = 0; i < repeats; i++)
            values[(row * features + row % Classes) * repeats + i] += 2;
        var x = ("x", Numpy.Array(shape, values));
        return label is null
            ? Numpy.Npz(path, x)
            : Numpy.Npz(path, x, ("label", Numpy.Array([Rows], [.. Enumerable.Range(0, Rows).Select(row => label(row % Classes))])));
    }

    /// <summary>Runs a recipe on a copy of a model.</summary>
    public static MadeResult Run(
        OnnxModel model,
        string recipe,
        string[] data,
        IReadOnlyList<TrainedStep>? stored = null,
        CheckpointFolder? checkpoints = null,
        IProgress<WorkLine>? progress = null,
        IWorkerGroup? workers = null,
        CancellationToken? cancellationToken = null
    )
    {
        var source = new TrainingSource
        {
            LoadTeacher = () => ModelBuild.Compression.Execution.ModelPreparation.PreparedCopy(model),
            Data = data,
            Threads = 1,
            Workers = workers ?? SingleWorker.Instance,
            Checkpoints = checkpoints,
            Stored = stored,
            WhyNotTrain = stored is null ? null : "these tests have stored values.",
        };
        var context = new PassContext(model.Clone(), new PassReport(), cancellationToken ?? TestContext.Current.CancellationToken)
        {
            Training = source.Begin(),
            Work = new WorkLog(progress),
        };
        var steps = RecipePipeline.Run(context, RecipeParser.Parse(recipe));
        return new MadeResult(context.Model, steps, source.Results);
    }

    /// <summary>Returns the values of a float32 initializer, or null if there is none.</summary>
    public static float[]? Values(OnnxModel model, string name) => model.Proto.Graph.Initializer.FirstOrDefault(tensor => tensor.Name == name)?.ToFloats();

    /// <summary>Returns a model whose output has a class for each of two positions.</summary>
    public static Net Positions() =>
        new Net().Input("x", -1, 2, 4).Weight("w", 4, OldClasses).Node("MatMul", "x w", "y").Output("y", DataType.Float, -1, 2, OldClasses);
}
