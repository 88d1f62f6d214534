using Microsoft.Build.Framework;
using ModelBuild.Testing;

namespace ModelBuild.Tasks.Tests.Stages;

[Trait("Speed", "Slow")]
public sealed class FailureTests : IDisposable
{
    private readonly StageProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void The_programs_error_becomes_the_builds_with_its_file()
    {
        var path = _project.Write("a.onnx", "error");
        Assert.False(_project.Build(_project.Model("a.onnx")));
        var error = Assert.Single(_project.Engine.Errors);
        Assert.Equal(("MB1009", path, "Compression changed the outputs by 3.0 dB."), (error.Code, error.File, error.Message));
    }

    [Fact]
    public void One_bad_model_does_not_keep_the_others_from_being_made()
    {
        _project.Write("a.onnx", "error");
        _project.Write("b.onnx", "copy");
        Assert.False(_project.Build(_project.Model("a.onnx"), _project.Model("b.onnx")));
        Assert.True(File.Exists(Path.Combine(_project.Obj, "BModel.onnx")));
    }

    [Fact]
    public void A_failure_is_asked_again()
    {
        _project.Write("a.onnx", "error");
        Assert.False(_project.Build(_project.Model("a.onnx")));
        Assert.False(_project.Build(_project.Model("a.onnx")));
        Assert.Equal("MB1009", Assert.Single(_project.Engine.Errors).Code);
    }

    [Fact]
    public void A_crash_without_a_word_is_MB1013_with_what_was_printed_last()
    {
        _project.Write("a.onnx", "crash");
        Assert.False(_project.Build(_project.Model("a.onnx")));
        var error = Assert.Single(_project.Engine.Errors);
        Assert.Equal("MB1013", error.Code);
        Assert.Contains("The fake program was told to crash.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_good_end_without_an_output_is_MB1013()
    {
        _project.Write("a.onnx", "forget");
        Assert.False(_project.Build(_project.Model("a.onnx")));
        Assert.Equal("MB1013", Assert.Single(_project.Engine.Errors).Code);
    }

    [Fact]
    public void A_warning_is_a_warning()
    {
        _project.Write("a.onnx", "warning");
        Assert.True(_project.Build(_project.Model("a.onnx")));
        Assert.Equal("MB1011", Assert.Single(_project.Engine.Warnings).Code);
    }

    [Fact]
    public void In_an_editor_what_is_wrong_is_a_warning_and_an_old_signature_is_kept()
    {
        _project.Write("a.onnx", "copy");
        Assert.True(_project.Build(_project.Model("a.onnx")));
        _project.Write("a.onnx", "bad");
        var task = _project.Inspect("DesignTime", _project.Model("a.onnx"), _project.Model("gone.onnx"));
        Assert.True(task.Execute());
        Assert.Empty(_project.Engine.Errors);
        Assert.Equal(["MB1001", "MB1003"], _project.Engine.Warnings.Select(warning => warning.Code).Order());
        Assert.True(File.Exists(Assert.Single(task.Signatures).ItemSpec));
    }

    [Fact]
    public void An_editors_build_compresses_nothing_and_names_what_is_there()
    {
        _project.Write("a.onnx", "copy");
        Assert.True(_project.Inspect("DesignTime", _project.Model("a.onnx")).Execute());
        var task = _project.Compress("DesignTime", _project.Model("a.onnx"));
        Assert.True(task.Execute());
        Assert.Empty(task.Outputs);
        Assert.Equal(["build-inspect AModel"], _project.TakeStarts());
    }

    [Fact]
    public void No_build_insists_on_what_an_earlier_build_made()
    {
        _project.Write("a.onnx", "copy");
        Assert.False(_project.Compress("NoBuild", _project.Model("a.onnx")).Execute());
        Assert.Equal("MB1010", Assert.Single(_project.Engine.Errors).Code);
        Assert.True(_project.Build(_project.Model("a.onnx")));
        _project.TakeStarts();
        Assert.True(_project.Compress("NoBuild", _project.Model("a.onnx")).Execute());
        Assert.Empty(_project.TakeStarts());
    }

    [Fact]
    public void Without_ONNX_Runtime_the_cure_is_named()
    {
        _project.Write("a.onnx", "copy");
        _project.Assets = [];
        Assert.False(_project.Build(_project.Model("a.onnx")));
        var error = Assert.Single(_project.Engine.Errors);
        Assert.Equal("MB1016", error.Code);
        Assert.Contains("<PackageReference Include=\"Microsoft.ML.OnnxRuntime\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_provider_that_no_package_brings_is_a_warning()
    {
        _project.Write("a.onnx", "copy");
        _project.Properties["RuntimeIdentifier"] = "linux-x64";
        Assert.True(_project.Build(_project.Model("a.onnx", ("Providers", "directml;cuda;cpu"))));
        Assert.Equal(["MB1016", "MB1017"], _project.Engine.Warnings.Select(warning => warning.Code).Order());
    }

    [Fact]
    public void A_provider_that_a_library_leaves_to_applications_is_a_note()
    {
        _project.Write("a.onnx", "copy");
        _project.Properties["OutputType"] = "Library";
        Assert.True(_project.Build(_project.Model("a.onnx", ("Providers", "cuda;coreml;cpu"))));
        Assert.Empty(_project.Engine.Warnings);
        var note = Assert.Single(_project.Engine.Messages, message => message.Code == "MB1016");
        Assert.Equal(MessageImportance.High, note.Importance);
        Assert.Contains("An application that uses the library must", note.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cpu;cuda", true)]
    [InlineData("coreml;cpu;cuda", true)]
    [InlineData("coreml;cpu", false)]
    [InlineData("cpu", false)]
    public void A_provider_behind_the_processor_is_a_warning(string providers, bool warns)
    {
        _project.Write("a.onnx", "copy");
        _project.Properties["OutputType"] = "Library";
        Assert.True(_project.Build(_project.Model("a.onnx", ("Providers", providers))));
        Assert.Equal(warns ? ["MB1039"] : [], _project.Engine.Warnings.Select(warning => warning.Code));
        Assert.All(
            _project.Engine.Warnings,
            warning => Assert.Contains("Provider 'cuda' has no effect after 'cpu'", warning.Message, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void An_update_of_no_item_is_a_warning()
    {
        _project.Write("digits.onnx", "copy");
        _project.Write("App.csproj", "<Project><ItemGroup><OnnxModel Update=\"digit.onnx\" Compression=\"none\" /></ItemGroup></Project>");
        Assert.True(_project.Build(_project.Model("digits.onnx")));
        var warning = Assert.Single(_project.Engine.Warnings);
        Assert.Equal("MB1039", warning.Code);
        Assert.Contains(
            "<OnnxModel Update=\"digit.onnx\"> has no effect: no model has that path. Did you mean 'digits.onnx'?",
            warning.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Packages_that_overwrite_each_other_are_a_warning_for_an_application()
    {
        _project.Write("a.onnx", "copy");
        _project.Assets =
        [
            .. _project.Assets,
            .. new[] { "Microsoft.ML.OnnxRuntime.Gpu.Windows", "Microsoft.ML.OnnxRuntime.DirectML" }.Select(package => new Microsoft.Build.Utilities.TaskItem(
                package + "/onnxruntime.dll",
                new Dictionary<string, string> { ["NuGetPackageId"] = package, ["DestinationSubPath"] = "onnxruntime.dll" }
            )),
        ];
        Assert.True(_project.Build(_project.Model("a.onnx")));
        var warning = Assert.Single(_project.Engine.Warnings);
        Assert.Equal("MB1027", warning.Code);
        Assert.Contains("Microsoft.ML.OnnxRuntime.DirectML and Microsoft.ML.OnnxRuntime.Gpu.Windows", warning.Message, StringComparison.Ordinal);

        _project.Properties["OutputType"] = "Library";
        Assert.True(_project.Build(_project.Model("a.onnx")));
        Assert.Empty(_project.Engine.Warnings);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        _project.Write("a.onnx", "copy");
        _project.ToolPath = Path.Combine(_project.Folder, "none.dll");
        Assert.False(_project.Build(_project.Model("a.onnx")));
        Assert.Contains("none.dll", Assert.Single(_project.Engine.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_the_program_and_leaves_nothing()
    {
        _project.Write("a.onnx", "hang");
        var model = _project.Model("a.onnx");
        Assert.True(_project.Inspect("Build", model).Execute());
        var task = _project.Compress("Build", model);
        var started = Path.Combine(_project.Obj, "AModel.onnx.started");
        var run = Task.Run(task.Execute, TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => File.Exists(started) || run.IsCompleted, TestContext.Current.CancellationToken);
        task.Cancel();
        await Eventually.IsTrueAsync(() => run.IsCompleted, TestContext.Current.CancellationToken);
        Assert.False(File.Exists(started));
        Assert.False(File.Exists(Path.Combine(_project.Obj, "AModel.compress.state")));
        Assert.Contains(_project.Engine.Messages, message => message.Code == "MB1014");
        Assert.DoesNotContain(_project.Engine.Messages, message => message.Importance == MessageImportance.High && message.Code != "MB1014");
    }
}
