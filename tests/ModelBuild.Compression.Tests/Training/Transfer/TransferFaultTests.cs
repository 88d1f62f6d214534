using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Transfer;

/// <summary>Tests models, data and options that <c>transfer</c> cannot use.</summary>
public sealed class TransferFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, string> Models =>
        new()
        {
            { "no layer", "transfer(classes=3, steps=5)", "The output 'y' comes from the node 'y' (Tanh)" },
            { "two layers", "transfer(classes=3, steps=5)", "from several: 'y' from the node 'y' (MatMul), 'z' from the node 'z' (MatMul)" },
            { "other reader", "transfer(classes=3, steps=5)", "because the node 'k' (TopK) reads the scores" },
            { "product of activations", "transfer(classes=3, steps=5)", "The output 'y' comes from the node 'y' (" },
            { "positions", "transfer(classes=3, steps=5)", "need the shape [rows, 3]" },
            { "wide", "int8-weights transfer(classes=3, steps=5)", "Put it before the steps that change it" },
        };

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_without_one_last_layer_is_an_error(string model, string recipe, string why)
    {
        var data = Numpy.Npz(
            _folder.File("train.npz"),
            (
                "x",
                model switch
                {
                    "positions" => Numpy.Array([20, 2, 4], Noise.Floats(160)),
                    "wide" => Numpy.Array([20, 64], Noise.Floats(1280)),
                    _ => Numpy.Array([20, 8], Noise.Floats(160)),
                }
            ),
            ("label", Numpy.Array([20], [.. Enumerable.Range(0, 20).Select(row => (long)(row % 3))]))
        );

        var exception = Assert.Throws<CompressionException>(() => MadeClassifier.Run(Model(model), recipe, [data]));

        Assert.Equal(Codes.UnknownOption, exception.Code);
        Assert.Contains(why, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("transfer", "'transfer' needs the number of classes, such as transfer(classes=10).")]
    [InlineData("transfer(classes=1)", "'transfer' cannot take classes=1: it must be from 2 to 1000000.")]
    [InlineData("transfer(classes=-3)", "'transfer' cannot take classes=-3: it must be from 2 to 1000000.")]
    [InlineData(
        "transfer(classes=3, body-rate=2)",
        "'transfer' cannot take body-rate=2: it must be between 0 and 1, the share of the rate in the second phase."
    )]
    [InlineData("transfer(classes=3, epochs=2, steps=3)", "'transfer' takes epochs or steps, not both.")]
    public void An_impossible_option_is_an_error_before_any_work(string recipe, string message)
    {
        var model = MadeClassifier.Net().Build();

        var declared = Assert.Throws<CompressionException>(() => RecipeSignature.Read(model.Clone(), RecipeParser.Parse(recipe)));
        var run = Assert.Throws<CompressionException>(() => MadeClassifier.Run(model, recipe, []));

        Assert.Equal((Codes.UnknownOption, message), (declared.Code, declared.Message));
        Assert.Equal((Codes.UnknownOption, message), (run.Code, run.Message));
    }

    [Theory]
    [InlineData("none", Codes.TrainingNeeded, "needs TrainingData with the class of each row")]
    [InlineData("no labels", Codes.CalibrationData, "needs labels, and TrainingData has none")]
    [InlineData("too large", Codes.CalibrationData, "holds 3 in row 2, and the model has the classes 0 to 2")]
    [InlineData("negative", Codes.CalibrationData, "holds -1 in row 0")]
    public void Data_without_the_class_of_each_row_is_an_error(string fault, string code, string why)
    {
        Func<int, long>? label = fault switch
        {
            "too large" => label => label + 1,
            "negative" => label => label - 1,
            _ => null,
        };
        string[] data = fault == "none" ? [] : [MadeClassifier.Write(_folder.File("train.npz"), label: label)];

        var exception = Assert.Throws<CompressionException>(() => MadeClassifier.Run(MadeClassifier.Net().Build(), "transfer(classes=3, steps=5)", data));

        Assert.Equal((code, fault == "none" ? null : data[0]), (exception.Code, exception.File));
        Assert.Contains(why, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_in_freeze_that_match_nothing_are_a_warning()
    {
        var data = MadeClassifier.Write(_folder.File("train.npz"), label: label => label);

        var result = MadeClassifier.Run(MadeClassifier.Net().Build(), "transfer(classes=3, steps=30, rate=0.05, freeze=MatMul|Convv)", [data]);

        Assert.Contains("'Convv' in the option 'freeze'", Assert.Single(result.Steps[^1].Report.Warnings).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", 3, null, null)]
    [InlineData("transfer(classes=3)", 0, null, null)]
    [InlineData("transfer(classes=3)", 3, "names.txt", null)]
    [InlineData("transfer(classes=3) int8", 5, "names.txt", "There are 5 labels, and 'transfer' gives the model 3 classes.")]
    [InlineData("transfer(classes=3)", 3, "metadata:names", "'metadata:names' has the names of the classes before 'transfer'.")]
    public void Labels_have_to_be_those_of_the_new_classes(string recipe, int count, string? source, string? message)
    {
        string[] labels = [.. Enumerable.Range(0, count).Select(label => $"class {label}")];
        void Check() => RecipeLabels.Check(RecipeParser.Parse(recipe), source, labels);

        if (message is null)
        {
            Assert.Null(Record.Exception(Check));
            return;
        }

        var exception = Assert.Throws<CompressionException>(Check);
        Assert.Equal(Codes.Labels, exception.Code);
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static OnnxModel Model(string name) =>
        name switch
        {
            "no layer" => new Net()
                .Input("x", -1, 8)
                .Weight("w", 8, 5)
                .Node("MatMul", "x w", "h")
                .Node("Tanh", "h", "y")
                .Output("y", DataType.Float, -1, 5)
                .Build(),
            "two layers" => new Net()
                .Input("x", -1, 8)
                .Weight("w", 8, 5)
                .Weight("v", 8, 2)
                .Node("MatMul", "x w", "y")
                .Node("MatMul", "x v", "z")
                .Output("y", DataType.Float, -1, 5)
                .Output("z", DataType.Float, -1, 2)
                .Build(),
            "other reader" => new Net()
                .Input("x", -1, 8)
                .Weight("w", 8, 5)
                .Constant<long>("two", [1], 2)
                .Node("MatMul", "x w", "y")
                .Node("TopK", "y two", "k i")
                .Output("y", DataType.Float, -1, 5)
                .Output("k", DataType.Float, -1, 2)
                .Build(),
            "product of activations" => new Net()
                .Input("x", -1, 8)
                .Node("Transpose", "x", "t")
                .Node("MatMul", "x t", "y")
                .Output("y", DataType.Float, -1, -1)
                .Build(),
            "positions" => MadeClassifier.Positions().Build(),
            _ => Compressing.Product().Build(),
        };
}
