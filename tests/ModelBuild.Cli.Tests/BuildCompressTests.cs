using System.Text.Json;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary>The files that <c>build-compress</c> reads and writes.</summary>
public sealed class BuildCompressTests : BuildTests
{
    [Fact]
    public void Compress_writes_model_receipt_report_and_what_it_read()
    {
        var model = Product().Save(Folder.File("Models/digits.onnx"));
        var data = Numpy.Npz(Folder.File("data.npz"), ("x", Numpy.Array([20, 64], Noise.Floats(1280))));
        var request = Request("DigitsModel", ("calibrationData", new[] { data }));

        var result = Program().Run("build-compress", request);

        Assert.Equal(0, result.ExitCode);
        // A build shows these lines at a detailed verbosity.
        Assert.All(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("DigitsModel: ", line, StringComparison.Ordinal));
        Assert.Contains("is good: within the budget", result.Error, StringComparison.Ordinal);
        Assert.StartsWith("DigitsModel: ", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("error", result.Output, StringComparison.Ordinal);
        OnnxModel.Load(Obj("DigitsModel.onnx"));
        using var receipt = JsonDocument.Parse(File.ReadAllText(Obj("DigitsModel.receipt.json")));
        Assert.Equal("Models/digits.onnx", receipt.RootElement.GetProperty("model").GetString());
        Assert.Equal("calibration", receipt.RootElement.GetProperty("verification").GetProperty("inputs").GetString());
        Assert.StartsWith("<!doctype html>", File.ReadAllText(Obj("DigitsModel.report.html")), StringComparison.Ordinal);
        Assert.Equal([model, data], FilesRead("DigitsModel"));
        // Files that are deployed or committed contain no paths of this machine.
        Assert.DoesNotContain(
            Folder.Path,
            File.ReadAllText(Obj("DigitsModel.receipt.json")) + File.ReadAllText(Obj("DigitsModel.report.html")),
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["DigitsModel.inputs.txt", "DigitsModel.onnx", "DigitsModel.receipt.json", "DigitsModel.report.html", "DigitsModel.request.json"],
            Directory.EnumerateFileSystemEntries(Folder.File("obj")).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_model_that_is_cut_has_a_file_for_each_stage_and_the_signature_says_where()
    {
        Product().Weight("v", 64, 8).Node("MatMul", "y v", "z").Output("z", DataType.Float, -1, 8).Save(Folder.File("Models/digits.onnx"));
        var request = Request("DigitsModel", ("stages", 2));

        Assert.Equal(0, Program().Run("build-inspect", request).ExitCode);
        var result = Program().Run("build-compress", request);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(", in 2 stages", result.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["DigitsModel.1.onnx", "DigitsModel.2.onnx"],
            Directory.EnumerateFiles(Folder.File("obj"), "*.onnx").Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        using var signature = JsonDocument.Parse(File.ReadAllText(Obj("DigitsModel.signature.json")));
        Assert.Equal("""["models/App/DigitsModel.1.onnx","models/App/DigitsModel.2.onnx"]""", Compact(signature.RootElement.GetProperty("stages")));
        using var receipt = JsonDocument.Parse(File.ReadAllText(Obj("DigitsModel.receipt.json")));
        Assert.Equal(2, receipt.RootElement.GetProperty("partition").GetProperty("stages").GetArrayLength());

        var tooMany = Program().Run("build-compress", Request("DigitsModel", ("stages", 9)));
        Assert.StartsWith(
            $"{Folder.File("Models/digits.onnx")} : error MB1026: The model cannot be cut into 9 stages",
            tooMany.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_calibration_file_is_among_what_was_read()
    {
        var model = Product().Save(Folder.File("Models/digits.onnx"));
        var data = Numpy.Npz(Folder.File("data.npz"), ("x", Numpy.Array([20, 64], Noise.Floats(1280))));
        Assert.Equal(0, Program().Run("calibrate", model, "--calibration-data", data).ExitCode);
        var file = Folder.File("Models/digits.calibration.json");
        var request = Request("DigitsModel", ("compression", "int8-weights"), ("calibrationFile", file));

        Assert.Equal(0, Program().Run("build-compress", request).ExitCode);

        Assert.Equal([model, file], FilesRead("DigitsModel"));
    }

    [Fact]
    public void Files_of_a_step_lie_beside_the_project_and_are_among_what_was_read()
    {
        var model = new Net()
            .Input("x", -1, 16)
            .Weight("w", 16, 64)
            .Weight("v", 64, 4)
            .Node("MatMul", "x w", "a")
            .Node("Relu", "a", "b")
            .Node("MatMul", "b v", "y")
            .Output("y", DataType.Float, -1, 4)
            .Save(Folder.File("Models/digits.onnx"));
        Directory.CreateDirectory(Folder.File("Data"));
        var gradients = Numpy.Npz(Folder.File("Data/g.npz"), ("v", Numpy.Array([64, 4], Noise.Floats(256))));
        (string, object)[] changes = [("compression", "prune-channels(0.2, gradients=Data/g.npz)"), ("minSqnr", "-100")];

        var result = Program().Run("build-compress", Request("DigitsModel", changes));
        var missing = Program().Run("build-compress", Request("Missing", [("compression", "prune-channels(0.2, gradients=g.npz)"), changes[1]]));

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith($"{model} : warning MB1025: 'prune-channels' ran without calibration data", result.Output, StringComparison.Ordinal);
        Assert.Equal([model, gradients], FilesRead("DigitsModel"));
        Assert.StartsWith($"{Folder.File("g.npz")} : error MB1019: ", missing.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_right_already_is_not_written_again()
    {
        Product().Save(Folder.File("Models/digits.onnx"));
        var request = Request("DigitsModel");
        Program().Run("build-inspect", request);
        Program().Run("build-compress", request);
        var time = new DateTime(2021, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        foreach (var file in Directory.EnumerateFiles(Folder.File("obj")))
            File.SetLastWriteTimeUtc(file, time);

        Assert.Equal(0, Program().Run("build-inspect", request).ExitCode);
        var second = Program().Run("build-compress", request);

        Assert.Contains("(from the cache)", second.Output, StringComparison.Ordinal);
        Assert.All(Directory.EnumerateFiles(Folder.File("obj")), file => Assert.Equal(time, File.GetLastWriteTimeUtc(file)));
    }

    [Fact]
    public void A_damaged_cache_entry_is_a_warning()
    {
        Product().Save(Folder.File("Models/digits.onnx"));
        Program().Run("build-compress", Request("DigitsModel"));
        foreach (var file in Directory.EnumerateFiles(Folder.File("cache"), "model.onnx", SearchOption.AllDirectories))
            File.WriteAllText(file, "damaged");

        var result = Program().Run("build-compress", Request("DigitsModel"));

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^\S+ : warning MB1012: ", result.Output);
    }
}
