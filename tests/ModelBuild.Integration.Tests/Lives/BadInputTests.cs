using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>One build with many faults. Each fault is reported once with its file, and there are no other messages.</summary>
public sealed class BadInputTests(PackedFeed feed)
{
    [Fact]
    public async Task Each_bad_model_is_one_error_with_its_code_and_its_file()
    {
        var folder = feed.NewWorkspace("bad");
        folder.WriteModel("App/Models/digits.onnx");
        folder.WriteModel("App/a/same.onnx");
        folder.WriteModel("App/b/Same.onnx");
        folder.Write(
            "App/Models/pointer.onnx",
            "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
        );
        folder.Write("App/Models/empty.onnx", "");
        folder.Write("App/Models/noise.onnx", "this is no model at all");
        TinyModels.Classifier(1).Save(folder["App/Models/external.onnx"], new() { ExternalDataThreshold = 0 });
        File.Delete(folder["App/Models/external.onnx.data"]);
        folder.WriteProject(
            "App/App.csproj",
            "",
            """
            <OnnxModel Include="Models/digit.onnx" />
            <OnnxModel Include="Models/digits.onnx" Deploy="embedd" />
            """
        );

        var result = await folder.TryBuildAsync("build", "App");

        Assert.NotEqual(0, result.ExitCode);
        Assert.False(result.Compiled);
        Assert.Empty(result.Warnings);
        Assert.Equal(
            [
                ("MB1001", "App.csproj"),
                ("MB1002", "pointer.onnx"),
                ("MB1003", "empty.onnx"),
                ("MB1003", "noise.onnx"),
                ("MB1004", "external.onnx"),
                ("MB1005", "App.csproj"),
                ("MB1006", "Same.onnx"),
            ],
            result.Errors.Select(error => (error.Code, Path.GetFileName(error.File))).Order()
        );
        Assert.Contains("Did you mean 'digits.onnx'?", result.Errors.Single(error => error.Code == "MB1001").Message, StringComparison.Ordinal);
        Assert.Contains("git lfs pull", result.Errors.Single(error => error.Code == "MB1002").Message, StringComparison.Ordinal);
        Assert.Contains("'a/same.onnx' and 'b/Same.onnx'", result.Errors.Single(error => error.Code == "MB1006").Message, StringComparison.Ordinal);
        Assert.All(result.Errors.Where(error => error.Code is not "MB1001" and not "MB1005"), error => Assert.True(File.Exists(error.File), error.File));
    }

    [Fact]
    public async Task Mistakes_that_used_to_pass_are_said_with_what_to_do()
    {
        var folder = feed.NewWorkspace("silence");
        folder.WriteModel("App/digits.onnx");
        folder.WriteModel("App/other.onnx");
        folder.Write("App/lite.tflite", "\u001c\0\0\0TFL3");
        folder.Write("App/Pictures/a.jpg", "");
        folder.WriteProject(
            "App/App.csproj",
            "<OutputType>Exe</OutputType>",
            """
            <OnnxModel Include="lite.tflite" />
            <OnnxModel Update="digits.onnx" Providers="gpu" />
            <OnnxModel Update="other.onnx" CalibrationData="Pictures" />
            """
        );
        folder.Write("App/Program.cs", "return;");

        var errors = (await folder.TryBuildAsync("build", "App")).Errors;

        Assert.Equal([("MB1003", "lite.tflite"), ("MB1005", "App.csproj")], errors.Select(error => (error.Code, Path.GetFileName(error.File))).Order());
        Assert.Contains(
            "python -m tf2onnx.convert --tflite lite.tflite --output lite.onnx",
            errors.Single(error => error.Code == "MB1003").Message,
            StringComparison.Ordinal
        );
        Assert.Contains("Did you mean 'cuda' (NVIDIA's GPUs) or 'directml'", errors.Single(error => error.Code == "MB1005").Message, StringComparison.Ordinal);

        folder.WriteProject(
            "App/App.csproj",
            "<OutputType>Exe</OutputType>",
            """
            <OnnxModel Update="other.onnx" CalibrationData="Pictures" />
            """
        );
        Assert.Contains(
            "'a.jpg' is not an array, and the model has no description of its input: set Image, such as",
            Assert.Single((await folder.TryBuildAsync("build", "App")).Errors).Message,
            StringComparison.Ordinal
        );

        folder.WriteProject(
            "App/App.csproj",
            "<OutputType>Exe</OutputType>",
            """
            <OnnxModel Update="digit.onnx" Compression="none" />
            <OnnxModel Update="digits.onnx" MaxAccuracyLoss="1%" />
            """
        );
        var warnings = (await folder.TryBuildAsync("build", "App")).Warnings;

        Assert.Equal([("MB1039", "App.csproj"), ("MB1039", "digits.onnx")], warnings.Select(warning => (warning.Code, Path.GetFileName(warning.File))).Order());
        Assert.Contains(
            "Did you mean 'digits.onnx'?",
            warnings.Single(warning => Path.GetFileName(warning.File) == "App.csproj").Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_option_that_only_the_program_knows_is_its_error()
    {
        var folder = feed.NewWorkspace("options");
        folder.WriteModel("App/digits.onnx");
        folder.WriteProject("App/App.csproj", "<ModelBuildCompression>int8-weight</ModelBuildCompression>");
        var error = Assert.Single((await folder.TryBuildAsync("build", "App")).Errors);
        Assert.Equal("MB1005", error.Code);
        Assert.Contains("int8-weights", error.Message, StringComparison.Ordinal);
    }
}
