using ModelBuild.Cli.Tests.Support;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary><c>report</c> finds the report of a model, or writes it from the receipt. The tests do not open it.</summary>
public sealed class ReportTests : BuildTests
{
    [Fact]
    public void The_report_of_a_build_is_found_by_the_original_the_result_and_the_receipt()
    {
        Build();

        foreach (var file in new[] { "Models/digits.onnx", "obj/DigitsModel.onnx", "obj/DigitsModel.receipt.json" })
        {
            var result = Program().Run("report", file, "--print");

            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            Assert.Equal(Obj("DigitsModel.report.html"), Path.GetFullPath(result.Output.TrimEnd(), Folder.Path));
        }
    }

    [Fact]
    public void A_missing_report_is_written_from_the_receipt()
    {
        Build();
        var expected = File.ReadAllText(Obj("DigitsModel.report.html"));
        File.Delete(Obj("DigitsModel.report.html"));

        var page = Program().Run("report", "Models/digits.onnx", "--print").Output.TrimEnd();

        Assert.Equal(expected, File.ReadAllText(page));
        // The page has a link to this file.
        Assert.Equal(
            File.ReadAllText(Obj("DigitsModel.receipt.json")),
            File.ReadAllText(Path.Combine(Path.GetDirectoryName(page)!, "DigitsModel.receipt.json"))
        );
        Directory.Delete(Path.GetDirectoryName(page)!, recursive: true);
    }

    [Fact]
    public void Without_a_display_the_path_is_printed()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Other systems have a display.");
        Build();

        var result = Program().With("DISPLAY", "").With("WAYLAND_DISPLAY", "").Run("report", "Models/digits.onnx");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.EndsWith("DigitsModel.report.html", result.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_version_of_the_model_has_no_receipt()
    {
        Build();
        new Net().Input("x", -1, 64).Node("Relu", "x", "y").Output("y", DataType.Float, -1, 64).Save(Folder.File("Models/digits.onnx"));

        Program().Run("report", "Models/digits.onnx").Fails(1, "MB1049", "Models/digits.onnx", "None of the 1 receipts that were found is of this version");
    }

    [Fact]
    public void Other_files_are_no_receipts()
    {
        Folder.Write("x.json", "{}");

        Program().Run("report", "x.json").Fails(1, "MB1049", "x.json", "The file is not a receipt of this version of ModelBuild");
    }

    private void Build()
    {
        Product().Save(Folder.File("Models/digits.onnx"));
        Assert.Equal(0, Program().Run("build-compress", Request("DigitsModel", ("compression", "int8-weights"))).ExitCode);
    }
}
