using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests.Support;

/// <summary>Runs that used to succeed without a word about what they left out, by the names that docs/troubleshooting.md gives them.</summary>
internal static class SilenceCases
{
    private const int Rows = 32;
    private const int Classes = 8;

    private static readonly Dictionary<string, Func<TemporaryFolder, string>> _cases = new(StringComparer.Ordinal)
    {
        ["labels"] = folder => WithData(folder, ("labels", Labels(Rows))),
        ["unused-array"] = folder => WithData(folder, ("noise", Numpy.Array([Rows, 2], Noise.Floats(2 * Rows)))),
        ["text-labels"] = folder => WithData(folder, ("label", Numpy.Texts([Rows], [.. Enumerable.Range(0, Rows).Select(i => $"class {i % Classes}")]))),
        ["labels-of-no-output"] = folder => Compress(folder, Map(), Data(folder, Rows, ("label", Labels(Rows)))),
        ["guessed-labels"] = folder => Compress(folder, Classifier(), Data(folder, Rows, ("label", Labels(Rows)))),
        ["rows"] = folder =>
            Compress(
                folder,
                new Net().Input("a", -1, 64).Input("b", -1, 64).Weight("w", 64, 64).Node("Add", "a b", "s").Node("MatMul", "s w", "y").Output("y"),
                "--calibration-data",
                Numpy.Npz(folder.File("data.npz"), ("a", Numpy.Array([Rows, 64], Noise.Floats(64 * Rows))), ("b", Numpy.Array([1, 64], Noise.Floats(64))))
            ),
        ["rest-of-rows"] = folder =>
            Compress(folder, new Net().Input("x", 5, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y", DataType.Float, 5, 64), Data(folder, Rows)),
        ["one-sample"] = folder => Compress(folder, Classifier(), [.. Data(folder, rows: 1), "--compression", "int8"]),
        ["percent"] = folder => Compress(folder, Classifier(), "--max-accuracy-loss", "1"),
        ["half"] = folder => Compress(folder, Classifier(), "--max-accuracy-loss", "0.5"),
        ["cosine"] = folder => Compress(folder, Classifier(), "--min-sqnr", "0.99"),
        ["unit"] = folder => Build(folder, "build-compress", Classifier(), ("maxSize", "5")),
        ["loss-without-data"] = folder => Compress(folder, Classifier(), "--max-accuracy-loss", "1%"),
        ["loss-without-scores"] = folder => Compress(folder, Numbers(), [.. Data(folder, Rows), "--max-accuracy-loss", "1%"]),
        ["decibels-of-scores"] = folder => Compress(folder, Classifier(), [.. Data(folder, Rows), "--compression", "float16-weights", "--min-sqnr", "30"]),
        ["none"] = folder => Compress(folder, Classifier(), [.. Data(folder, Rows), "--compression", "none", "--max-accuracy-loss", "1%"]),
        ["no-verify"] = folder => Compress(folder, Classifier(), "--compression", "int8-weights", "--no-verify", "--min-sqnr", "30"),
        ["recipe-file"] = folder => Beside(folder, "digits.recipe.json", "{ \"steps\": [ \"float16-weights\" ] }", "--compression", "int8-weights"),
        ["calibration-file"] = folder => Beside(folder, "digits.calibration.json", "{}", Data(folder, Rows)),
        ["idle-step"] = folder => Compress(folder, Convolution(), "--compression", "int8-dynamic int8-weights"),
        ["calibrate-few"] = folder => Run(folder, Classifier(), "calibrate", Data(folder, rows: 2)),
        ["verify-nothing"] = folder => Run(folder, Nothing(), "verify", "digits.onnx"),
        ["excluded-name"] = folder => Compress(folder, Classifier(), "--compression", "int8-weights(exclude=haed)"),
        ["empty-labels"] = folder => Build(folder, "build-inspect", Classifier(), ("labels", folder.Write("labels.txt", "\n \n"))),
        ["label-count"] = folder => Build(folder, "build-inspect", Classifier(), ("labels", folder.Write("labels.txt", "a\nb\nc\n"))),
    };

    /// <summary>The names of all cases.</summary>
    public static IEnumerable<string> Names => _cases.Keys;

    /// <summary>The text that the program writes to both of its outputs in a case.</summary>
    public static string Run(string name, TemporaryFolder folder) => _cases[name](folder);

    private static string WithData(TemporaryFolder folder, (string Name, byte[] Array) array) => Compress(folder, Classifier(), Data(folder, Rows, array));

    private static string Beside(TemporaryFolder folder, string file, string text, params string[] options)
    {
        folder.Write(file, text);
        return Compress(folder, Classifier(), options);
    }

    private static string Compress(TemporaryFolder folder, Net net, params string[] options) => Run(folder, net, "compress", options);

    private static string Run(TemporaryFolder folder, Net net, string command, params string[] options)
    {
        net.Save(folder.File("digits.onnx"));
        var result = new ModelBuildProgram(folder).Run([command, "digits.onnx", .. options]);
        return result.Output + result.Error;
    }

    private static string Build(TemporaryFolder folder, string command, Net net, params (string Key, object Value)[] changes)
    {
        net.Save(folder.File("Models/digits.onnx"));
        var result = new ModelBuildProgram(folder).Run(command, BuildRequestFile.Write(folder, "DigitsModel", changes));
        return result.Output + result.Error;
    }

    private static string[] Data(TemporaryFolder folder, int rows, params (string Name, byte[] Array)[] more) =>
        ["--calibration-data", Numpy.Npz(folder.File("data.npz"), [("x", Numpy.Array([rows, 64], Noise.Floats(64 * rows))), .. more])];

    private static byte[] Labels(int rows) => Numpy.Array([rows], [.. Enumerable.Range(0, rows).Select(i => (long)(i % Classes))]);

    private static Net Classifier() =>
        new Net()
            .Input("x", -1, 64)
            .Weight("w", 64, 64)
            .Weight("v", 64, Classes)
            .Add(Named("MatMul", "x w", "h", "body"))
            .Node("Relu", "h", "r")
            .Add(Named("MatMul", "r v", "z", "head"))
            .Node("Softmax", "z", "y", ("axis", 1))
            .Output("y", DataType.Float, -1, Classes);

    private static Net Numbers() => new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y", DataType.Float, -1, 64);

    // Returns a model with half as many rows as there are labels.
    private static Net Map() =>
        new Net()
            .Input("x", -1, 64)
            .Weight("w", 64, 64)
            .Constant("shape", [3], -1L, 2L, 64L)
            .Node("MatMul", "x w", "h")
            .Node("Reshape", "h shape", "y")
            .Output("y", DataType.Float, -1, 2, 64);

    // Returns a model that has the same output for every input.
    private static Net Nothing() => new Net().Input("x", 1, 64).Constant("zero", [], 0f).Node("Mul", "x zero", "y").Output("y", DataType.Float, 1, 64);

    private static Net Convolution() =>
        new Net().Input("x", 1, 4, 16, 16).Weight("w", 32, 4, 3, 3).Node("Conv", "x w", "y").Output("y", DataType.Float, 1, 32, 14, 14);

    private static Onnx.NodeProto Named(string op, string inputs, string output, string name)
    {
        var node = Net.Make(op, inputs, output);
        node.Name = name;
        return node;
    }
}
