using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.Tests.Stages;

/// <summary>Tests models that are cut into stages.</summary>
[Trait("Speed", "Slow")]
public sealed class CutModelTests : IDisposable
{
    private readonly StageProject _project = new();

    public CutModelTests() => _project.Write("a.onnx", "copy");

    public void Dispose() => _project.Dispose();

    [Fact]
    public void All_parts_are_deployed_and_the_whole_is_not()
    {
        var task = Compress("Build");

        Assert.True(task.Execute());
        Assert.Equal(["AModel.1.onnx", "AModel.2.onnx"], task.Outputs.Select(output => Path.GetFileName(output.ItemSpec)));
        Assert.Equal(["models/App/AModel.1.onnx", "models/App/AModel.2.onnx"], task.Outputs.Select(output => output.GetMetadata("TargetPath")));
        Assert.Subset(
            task.Written.Select(file => Path.GetFileName(file.ItemSpec)).ToHashSet(),
            new HashSet<string> { "AModel.1.onnx", "AModel.2.onnx", "AModel.receipt.json" }
        );
    }

    [Fact]
    public void Nothing_starts_while_all_parts_are_there()
    {
        Assert.True(Compress("Build").Execute());
        _project.TakeStarts();
        Assert.True(Compress("Build").Execute());
        Assert.Empty(_project.TakeStarts());

        File.Delete(Path.Combine(_project.Obj, "AModel.2.onnx"));
        Assert.True(Compress("Build").Execute());
        Assert.Equal(["build-compress AModel"], _project.TakeStarts());
    }

    [Fact]
    public void Another_number_of_parts_is_another_model()
    {
        Assert.True(Compress("Build").Execute());
        _project.TakeStarts();

        var task = _project.Compress("Build", _project.Model("a.onnx"));

        Assert.True(task.Execute());
        Assert.Equal(["build-compress AModel"], _project.TakeStarts());
        Assert.Equal(["AModel.onnx"], task.Outputs.Select(output => Path.GetFileName(output.ItemSpec)));
        // The SDK deletes files that the task no longer lists.
        Assert.DoesNotContain(task.Written, file => file.ItemSpec.EndsWith("AModel.1.onnx", StringComparison.Ordinal));
    }

    [Fact]
    public void No_build_insists_on_every_part()
    {
        Assert.True(Compress("Build").Execute());
        File.Delete(Path.Combine(_project.Obj, "AModel.2.onnx"));

        Assert.False(Compress("NoBuild").Execute());

        var error = Assert.Single(_project.Engine.Errors);
        Assert.Equal("MB1010", error.Code);
        Assert.Contains("AModel.2.onnx", error.Message, StringComparison.Ordinal);
    }

    private ModelBuildCompress Compress(string mode)
    {
        ITaskItem model = _project.Model("a.onnx", ("Stages", "2"));
        return _project.Compress(mode, model);
    }
}
