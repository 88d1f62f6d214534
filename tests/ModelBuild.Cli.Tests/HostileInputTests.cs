using ModelBuild.Cli.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Tests;

/// <summary>Each invalid input causes one line that names the file and the fault, and no file is left.</summary>
public sealed class HostileInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("missing", "MB1001", "there is no such file")]
    [InlineData("folder", "MB1003", "this is a folder, not a model")]
    [InlineData("empty", "MB1003", "the file is empty")]
    [InlineData("text", "MB1003", "")]
    [InlineData("noise", "MB1003", "")]
    [InlineData("truncated", "MB1003", "")]
    [InlineData("LFS pointer", "MB1002", "git lfs")]
    [InlineData("no external data", "MB1004", "")]
    [InlineData("external data elsewhere", "MB1004", "")]
    [InlineData("external data too short", "MB1004", "")]
    [InlineData("of the future", "MB1008", "")]
    public void A_model_that_cannot_be_read(string kind, string code, string message)
    {
        var model = Bad(kind);
        var before = _folder.Names().ToArray();

        Program().Run("compress", model, "--json").Fails(1, code, model, message);
        // All commands use the same reader, so one command is sufficient for each code.
        if (kind is "missing" or "truncated" or "LFS pointer" or "no external data" or "of the future")
            Program().Run("inspect", model, "--json").Fails(1, code, model, message);

        Assert.Equal(before, _folder.Names());
    }

    [Theory]
    [InlineData("unknown operator", "MB1003", "NoSuchOperator")]
    [InlineData("unknown domain", "MB1003", "com.example")]
    [InlineData("broken graph", "MB1003", "")]
    [InlineData("cycle", "MB1003", "")]
    [InlineData("no graph", "MB1003", "")]
    public void A_model_that_cannot_be_run(string kind, string code, string message)
    {
        var model = Bad(kind);

        Program().Run("compress", model, "--json").Fails(1, code, model, message);

        Assert.Equal([model], _folder.Names());
    }

    [Fact]
    public void An_input_of_terabytes_is_not_made()
    {
        new Net()
            .Input("x", 1_000_000, 1_000_000)
            .Weight("w", 64, 64)
            .Node("Shape", "x", "s")
            .Node("MatMul", "w w", "y")
            .Output("y", "s")
            .Save(_folder.File("m.onnx"));

        Program().Run("compress", "m.onnx", "--compression", "int8-weights").Fails(1, "MB1009", "m.onnx", "too large for a synthetic input");
        Assert.Equal(0, Program().Run("compress", "m.onnx").ExitCode);
    }

    [Theory]
    [InlineData("data.npz", "empty")]
    [InlineData("data.npz", "noise")]
    [InlineData("data.npz", "names")]
    [InlineData("data.npz", "shape")]
    [InlineData("data.npz", "type")]
    [InlineData("data.npz", "claims")]
    [InlineData("data.npy", "noise")]
    [InlineData("data.csv", "text")]
    [InlineData("set/input_0.pb", "noise")]
    public void Data_that_cannot_be_used(string name, string kind)
    {
        new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y").Save(_folder.File("m.onnx"));
        var path = _folder.File(name);
        switch (kind)
        {
            case "names":
                Numpy.Npz(path, ("a", Numpy.Array([1, 64], new float[64])), ("b", Numpy.Array([1, 64], new float[64])));
                break;
            case "shape":
                Numpy.Npz(path, ("x", Numpy.Array([1, 65], new float[65])));
                break;
            case "type":
                Numpy.Npz(path, ("x", Numpy.Array([1, 64], new byte[64])));
                break;
            case "claims":
                Numpy.Npz(path, ("x", Numpy.Header("{'descr': '<f4', 'fortran_order': False, 'shape': (4000000000, 64), }")));
                break;
            default:
                File.WriteAllBytes(path, Bytes(kind));
                break;
        }

        var before = _folder.Names().ToArray();

        Program().Run("compress", "m.onnx", "--calibration-data", name, "--json").Fails(1, "MB1019", path, "");

        Assert.Equal(before, _folder.Names());
    }

    [Theory]
    [InlineData("out", "MB1003", "this is a folder, so name a file")]
    [InlineData("m.onnx/small.onnx", "MB1003", "")]
    public void A_place_that_cannot_be_written(string output, string code, string message)
    {
        new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y").Save(_folder.File("m.onnx"));
        Directory.CreateDirectory(_folder.File("out"));

        Program().Run("compress", "m.onnx", "--output", output).Fails(1, code, output == "out" ? "out" : "m.onnx", message);

        Assert.Equal(["m.onnx", "out"], _folder.Names());
    }

    [Fact]
    public void Names_of_all_kinds_go_through()
    {
        const string Name = "ä b'c;d [e] (f) 文.onnx";
        new Net().Input("in:put 0/x", -1, 64).Weight("w", 64, 64).Add(Nodes.Create("MatMul", ["in:put 0/x", "w"], ["out<b>\n\"put"])).Save(_folder.File(Name));
        var model = OnnxModel.Load(_folder.File(Name));
        model.Proto.Graph.Output.Add(new ValueInfoProto { Name = "out<b>\n\"put", Type = model.Proto.Graph.Input[0].Type });
        model.Save(_folder.File(Name));

        var result = Program().Run("compress", Name, "--json");
        var text = Program().Run("compress", Name, "--output", "[red]small.onnx");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(Name, result.Json.GetProperty("model").GetString());
        Assert.Equal("out<b>\n\"put", result.Json.GetProperty("fidelity")[0].GetProperty("output").GetString());
        Assert.Equal((0, ""), (text.ExitCode, text.Error));
        Assert.Contains("[red]small.onnx", text.Output, StringComparison.Ordinal);
        Assert.Equal(0, Program().Run("inspect", Name).ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    private ModelBuildProgram Program() => new(_folder);

    private string Bad(string kind)
    {
        const string Name = "model.onnx";
        var path = _folder.File(Name);
        var net = new Net().Input("x", 4).Weight("w", 64, 64);
        switch (kind)
        {
            case "missing":
                break;
            case "folder":
                Directory.CreateDirectory(path);
                break;
            case "truncated":
                _folder.Write(Name, net.Node("Relu", "x", "y").Output("y").Build().ToBytes().AsSpan(..5000));
                break;
            case "no external data" or "external data elsewhere" or "external data too short":
                net.Node("Relu", "x", "y").Output("y").Build().Save(path, new OnnxSaveOptions { ExternalDataThreshold = 0 });
                if (kind == "no external data")
                    File.Delete(path + ".data");
                else if (kind == "external data too short")
                    File.WriteAllBytes(path + ".data", new byte[100]);
                else
                    _folder.Write(
                        Name,
                        System.Text.Encoding.Latin1.GetBytes(
                            System
                                .Text.Encoding.Latin1.GetString(File.ReadAllBytes(path))
                                .Replace("model.onnx.data", "../../../x.data", StringComparison.Ordinal)
                        )
                    );
                break;
            case "of the future":
                var future = net.Node("Relu", "x", "y").Output("y").Build();
                future.Proto.IrVersion = 9999;
                future.Save(path);
                break;
            case "unknown operator":
                net.Node("NoSuchOperator", "x", "y").Output("y").Save(path);
                break;
            case "unknown domain":
                net.Add(Nodes.Create("Magic", ["x"], ["y"], domain: "com.example")).Output("y").Save(path);
                break;
            case "broken graph":
                net.Node("MatMul", "x nowhere", "y").Output("y").Save(path);
                break;
            case "cycle":
                net.Node("Add", "x b", "a").Node("Add", "x a", "b").Output("b").Save(path);
                break;
            case "no graph":
                File.WriteAllBytes(path, [8, 8]);
                break;
            default:
                File.WriteAllBytes(path, Bytes(kind));
                break;
        }

        return Name;
    }

    private static byte[] Bytes(string kind) =>
        kind switch
        {
            "empty" => [],
            "text" => "hello, this is a text and no model at all\n"u8.ToArray(),
            "LFS pointer" =>
            [
                .. "version https://git-lfs.github.com/spec/v1\n"u8,
                .. "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"u8,
            ],
            "noise" => [.. Noise.Floats(500).SelectMany(BitConverter.GetBytes)],
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
}
