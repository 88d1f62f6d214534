using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.Tests.Stages;

/// <summary>Tests the warnings and messages of the tasks.</summary>
public sealed class RemarksTests : IDisposable
{
    private readonly StageProject _project = new();

    public RemarksTests() => _project.Write("a.onnx", "copy");

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData("Build", 1)]
    [InlineData("DesignTime", 1)]
    [InlineData("NoBuild", 0)]
    public void Metadata_that_is_unknown_is_told_by_the_first_stage_alone(string mode, int warnings)
    {
        var model = _project.Model("a.onnx", ("Compresion", "int8"));
        Assert.True(_project.Inspect(mode, model).Execute());
        Assert.Equal(warnings, _project.Engine.Warnings.Count(warning => warning.Code == "MB1035"));
        _project.Compress(mode, model).Execute();
        Assert.Empty(_project.Engine.Warnings);
    }

    [Fact]
    public void An_item_of_another_kind_that_deploys_the_original_is_a_warning()
    {
        var task = _project.Inspect("Build", _project.Model("a.onnx"));
        task.OtherItems = [_project.Model("a.onnx", ("ModelBuildItemType", "None"), ("CopyToOutputDirectory", "Always"))];
        Assert.True(task.Execute());
        Assert.Equal("MB1036", Assert.Single(_project.Engine.Warnings).Code);
    }

    [Fact]
    public void A_library_hears_once_that_its_classes_are_internal()
    {
        _project.Properties["OutputType"] = "Library";
        Assert.True(_project.Build(_project.Model("a.onnx")));
        var note = Assert.Single(_project.Engine.Messages, message => message.Code == "MB1037");
        Assert.Equal(MessageImportance.High, note.Importance);
        Assert.Contains("(AModel)", note.Message, StringComparison.Ordinal);

        Assert.True(_project.Build(_project.Model("a.onnx")));
        Assert.DoesNotContain(_project.Engine.Messages, message => message.Code == "MB1037");
    }

    [Theory]
    [InlineData("OutputType", "Exe")]
    [InlineData("IsTestProject", "true")]
    [InlineData("InternalsVisibleTo", "App.Tests")]
    [InlineData("Access", "internal")]
    [InlineData("Access", "public")]
    public void A_project_that_has_decided_hears_nothing(string property, string value)
    {
        _project.Properties["OutputType"] = "Library";
        _project.Properties[property] = value;
        Assert.True(_project.Build(_project.Model("a.onnx")));
        Assert.DoesNotContain(_project.Engine.Messages, message => message.Code == "MB1037");
    }

    [Fact]
    public void An_item_that_has_decided_is_enough()
    {
        _project.Properties["OutputType"] = "Library";
        _project.Write("b.onnx", "copy");
        Assert.True(_project.Build(_project.Model("a.onnx"), _project.Model("b.onnx", ("Access", "internal"))));
        Assert.DoesNotContain(_project.Engine.Messages, message => message.Code == "MB1037");
    }

    [Theory]
    [InlineData("env/pyvenv.cfg", "env/lib/a.onnx")]
    [InlineData("tools/py/pyvenv.cfg", "tools/py/lib/python3.12/x/a.onnx")]
    [InlineData("conda/conda-meta/history", "conda/lib/a.onnx")]
    public void Python_environments_are_not_searched(string mark, string model)
    {
        _project.Write(mark, "");
        _project.Write(model, "copy");
        var task = _project.Inspect("Build", _project.Model("a.onnx"), _project.Model(model, ("ModelBuildDefaultItem", "true")));
        Assert.True(task.Execute());
        Assert.Single(task.Signatures);

        // The remark is only about settings that the project itself contains.
        Assert.True(_project.Inspect("Build", _project.Model(model)).Execute());
        Assert.Equal(["build-inspect AModel", "build-inspect AModel"], _project.TakeStarts());
    }

    [Fact]
    public void The_folder_of_the_project_may_be_an_environment()
    {
        _project.Write("pyvenv.cfg", "");
        Assert.True(_project.Build(_project.Model("a.onnx", ("ModelBuildDefaultItem", "true"))));
        Assert.True(File.Exists(Path.Combine(_project.Obj, "AModel.onnx")));
    }

    [Fact]
    public void A_project_without_a_model_of_its_own_needs_no_ONNX_Runtime()
    {
        _project.Write("env/pyvenv.cfg", "");
        _project.Write("env/a.onnx", "copy");
        _project.Assets = [];
        Assert.True(_project.Build(_project.Model("env/a.onnx", ("ModelBuildDefaultItem", "true"))));
        Assert.Empty(_project.Engine.Errors);
    }
}
