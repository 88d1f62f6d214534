namespace ModelBuild.Tasks.Tests.Stages;

[Trait("Speed", "Slow")]
public sealed class UpToDateTests : IDisposable
{
    private readonly StageProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void One_start_serves_all_models_of_a_stage()
    {
        _project.Write("a.onnx", "copy");
        _project.Write("b.onnx", "copy");
        Assert.True(_project.Build(_project.Model("a.onnx"), _project.Model("b.onnx")));
        Assert.Equal(["build-inspect AModel BModel", "build-compress AModel BModel"], _project.TakeStarts());
    }

    [Fact]
    public void Nothing_starts_when_nothing_changed()
    {
        _project.Write("a.onnx", "copy");
        Assert.True(_project.Build(_project.Model("a.onnx")));
        _project.TakeStarts();
        Assert.True(_project.Build(_project.Model("a.onnx")));
        Assert.Empty(_project.TakeStarts());
        Assert.DoesNotContain(_project.Engine.Messages, message => message.Importance == Microsoft.Build.Framework.MessageImportance.High);
    }

    [Fact]
    public void Only_the_touched_model_is_asked_for_again()
    {
        var touched = _project.Write("a.onnx", "copy");
        _project.Write("b.onnx", "copy");
        Assert.True(_project.Build(_project.Model("a.onnx"), _project.Model("b.onnx")));
        _project.TakeStarts();
        File.SetLastWriteTimeUtc(touched, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.True(_project.Build(_project.Model("a.onnx"), _project.Model("b.onnx")));
        Assert.Equal(["build-inspect AModel", "build-compress AModel"], _project.TakeStarts());
        // If a file has a time in the future, later builds are still up to date.
        Assert.True(_project.Build(_project.Model("a.onnx"), _project.Model("b.onnx")));
        Assert.Empty(_project.TakeStarts());
    }

    [Fact]
    public void Other_content_of_the_same_length_and_time_is_seen()
    {
        var path = _project.Write("a.onnx", "copy 1" + new string('x', 1_000_000));
        var time = File.GetLastWriteTimeUtc(path);
        Assert.True(_project.Build(_project.Model("a.onnx")));
        _project.TakeStarts();
        _project.Write("a.onnx", "copy 2" + new string('y', 1_000_000));
        File.SetLastWriteTimeUtc(path, time);
        Assert.True(_project.Build(_project.Model("a.onnx")));
        Assert.Equal(2, _project.TakeStarts().Length);
    }

    [Fact]
    public void The_trained_file_and_the_data_of_training_are_inputs_of_the_compression()
    {
        _project.Write("a.onnx", "copy");
        _project.Write("train.npz", "1");
        _project.Write("held.npz", "1");
        var model = _project.Model("a.onnx", ("TrainingData", "train.npz"), ("ValidationData", "held.npz"));
        Assert.True(_project.Build(model));
        _project.TakeStarts();
        foreach (var change in new Action[] { Write("a.trained.safetensors"), Write("train.npz"), Write("held.npz"), Allow, Write("a.trained.safetensors") })
        {
            change();
            Assert.True(_project.Build(model));
            Assert.Equal(["build-compress AModel"], _project.TakeStarts());
            Assert.True(_project.Build(model));
            Assert.Empty(_project.TakeStarts());
        }

        File.Delete(Path.Combine(_project.Folder, "a.trained.safetensors"));
        Assert.True(_project.Build(model));
        Assert.Equal(["build-compress AModel"], _project.TakeStarts());

        Action Write(string file) => () => _project.Write(file, Guid.NewGuid().ToString());
        void Allow() => _project.Properties["Train"] = "true";
    }

    [Fact]
    public void A_budget_does_not_concern_the_signature()
    {
        _project.Write("a.onnx", "copy");
        Assert.True(_project.Build(_project.Model("a.onnx")));
        _project.TakeStarts();
        Assert.True(_project.Build(_project.Model("a.onnx", ("MinSqnr", "40"))));
        Assert.Equal(["build-compress AModel"], _project.TakeStarts());
        Assert.True(_project.Build(_project.Model("a.onnx", ("MinSqnr", "40"), ("Namespace", "Other"))));
        Assert.Equal(["build-inspect AModel"], _project.TakeStarts());
    }

    [Fact]
    public void What_was_looked_for_and_absent_counts_once_it_is_there()
    {
        _project.Write("a.onnx", "copy");
        Assert.True(_project.Build(_project.Model("a.onnx")));
        _project.TakeStarts();
        _project.Write("weights.bin", "1");
        Assert.True(_project.Build(_project.Model("a.onnx")));
        Assert.Equal(2, _project.TakeStarts().Length);
    }

    [Fact]
    public void A_recipe_beside_the_model_is_picked_up()
    {
        _project.Write("a.onnx", "copy");
        Assert.True(_project.Build(_project.Model("a.onnx")));
        _project.TakeStarts();
        var recipe = _project.Write("a.recipe.json", "{}");
        Assert.True(_project.Build(_project.Model("a.onnx")));
        Assert.Equal(2, _project.TakeStarts().Length);
        Assert.Contains(recipe, File.ReadAllText(Path.Combine(_project.Obj, "AModel.request.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_calibration_file_beside_the_model_is_picked_up_where_there_is_no_data()
    {
        _project.Write("a.onnx", "copy");
        Assert.True(_project.Build(_project.Model("a.onnx")));
        _project.TakeStarts();
        var file = _project.Write("a.calibration.json", "{}");
        Assert.True(_project.Build(_project.Model("a.onnx")));
        Assert.Equal(["build-compress AModel"], _project.TakeStarts());
        Assert.Contains(file, Request(), StringComparison.Ordinal);
        _project.Write("a.calibration.json", "{ }");
        Assert.True(_project.Build(_project.Model("a.onnx")));
        Assert.Equal(["build-compress AModel"], _project.TakeStarts());

        _project.Write("data/1.npz", "1");
        Assert.True(_project.Build(_project.Model("a.onnx", ("CalibrationData", "data/*.npz"))));
        Assert.DoesNotContain(file, Request(), StringComparison.Ordinal);

        string Request() => File.ReadAllText(Path.Combine(_project.Obj, "AModel.request.json"));
    }

    [Fact]
    public void A_file_more_in_the_glob_is_a_change()
    {
        _project.Write("a.onnx", "copy");
        _project.Write("data/1.npz", "1");
        var model = _project.Model("a.onnx", ("CalibrationData", "data/*.npz"));
        Assert.True(_project.Build(model));
        _project.TakeStarts();
        _project.Write("data/2.npz", "2");
        Assert.True(_project.Build(model));
        Assert.Equal(["build-compress AModel"], _project.TakeStarts());
    }

    [Theory]
    [InlineData("AModel.onnx")]
    [InlineData("AModel.onnx.data")]
    [InlineData("AModel.receipt.json")]
    public void An_output_that_is_gone_is_made_again(string output)
    {
        _project.Write("a.onnx", "external");
        Assert.True(_project.Build(_project.Model("a.onnx")));
        _project.TakeStarts();
        File.Delete(Path.Combine(_project.Obj, output));
        Assert.True(_project.Build(_project.Model("a.onnx")));
        Assert.Equal(["build-compress AModel"], _project.TakeStarts());
        Assert.True(File.Exists(Path.Combine(_project.Obj, output)));
    }

    [Fact]
    public void Another_program_starts_everything_again()
    {
        _project.Write("a.onnx", "copy");
        Assert.True(_project.Build(_project.Model("a.onnx")));
        _project.TakeStarts();
        var copy = Path.Combine(_project.Folder, "tool");
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_project.ToolPath)!, "FakeProgram.*"))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        _project.ToolPath = Path.Combine(copy, Path.GetFileName(_project.ToolPath));
        Assert.True(_project.Build(_project.Model("a.onnx")));
        Assert.Equal(2, _project.TakeStarts().Length);
    }
}
