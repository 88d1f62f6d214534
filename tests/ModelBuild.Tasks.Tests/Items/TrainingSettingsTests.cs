using Microsoft.Build.Utilities;
using ModelBuild.Tasks.Items;
using ModelBuild.Tasks.Messages;

namespace ModelBuild.Tasks.Tests.Items;

/// <summary>The settings of training: data that a machine may lack, the trained file, and the command that writes it.</summary>
public sealed class TrainingSettingsTests : IDisposable
{
    private readonly TemporaryProject _project = new();
    private readonly TaskItem _defaults = new("defaults", new Dictionary<string, string> { ["AssemblyName"] = "App" });

    public static TheoryData<string> DataSettings => ["TrainingData", "ValidationData"];

    [Theory]
    [MemberData(nameof(DataSettings))]
    public void Data_is_found_and_may_be_missing_where_nothing_trains(string setting)
    {
        _project.Write("train/2.npz", "");
        _project.Write("train/1.npz", "");

        var here = Assert.Single(Resolve(out var problems, (setting, "train/*.npz")));
        var elsewhere = Assert.Single(Resolve(out var others, (setting, "nowhere/*.npz")));

        Assert.Empty(problems.Concat(others));
        Assert.Equal(["1.npz", "2.npz"], Files(here, setting).Select(Path.GetFileName));
        Assert.Empty(Files(elsewhere, setting));
        Assert.Equal([setting], here.Given);
    }

    [Theory]
    [MemberData(nameof(DataSettings))]
    public void Data_that_a_build_trains_on_must_exist(string setting)
    {
        _defaults.SetMetadata("Train", "True");

        Assert.Empty(Resolve(out var problems, (setting, "nowhere/*.npz")));

        var problem = Assert.Single(problems);
        Assert.Equal(Codes.CalibrationData, problem.Code);
        Assert.StartsWith($"{setting} of 'Models/a.onnx' names no file: 'nowhere/*.npz'", problem.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("false", false)]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    public void A_property_allows_training(string property, bool expected)
    {
        _defaults.SetMetadata("Train", property);

        Assert.Equal(expected, Assert.Single(Resolve(out _)).Train);
    }

    [Fact]
    public void Another_value_of_the_property_is_refused()
    {
        _defaults.SetMetadata("Train", "yes");

        Assert.Empty(Resolve(out var problems));

        Assert.Equal((Codes.UnknownOption, "ModelBuildTrain='yes' must be true or false."), (problems[0].Code, problems[0].Text));
    }

    [Fact]
    public void The_trained_file_is_the_items_own_or_the_one_beside_the_model()
    {
        Assert.Null(Assert.Single(Resolve(out _)).TrainedFile);
        // The file that the item names need not exist yet.
        Assert.Equal(Path.Combine(_project.Folder, "other.safetensors"), Assert.Single(Resolve(out _, ("TrainedFile", "other.safetensors"))).TrainedFile);

        _project.Write("Models/a.trained.safetensors", "");

        Assert.Equal(Path.Combine(_project.Folder, "Models/a.trained.safetensors"), Assert.Single(Resolve(out _)).TrainedFile);
        Assert.Equal(Path.Combine(_project.Folder, "other.safetensors"), Assert.Single(Resolve(out _, ("TrainedFile", "other.safetensors"))).TrainedFile);
    }

    [Fact]
    public void The_command_trains_as_the_build_would()
    {
        Assert.Equal(
            "modelbuild train Models/a.onnx --compression \"prune(0.9) fine-tune\" --training-data \"train/*.npz\" --training-data more.npz "
                + "--validation-data held.npz --calibration-data c.npz --max-accuracy-loss 2% --min-sqnr 20 --fidelity y:boxes --target cuda "
                + "--output trained/a.safetensors",
            Assert
                .Single(
                    Resolve(
                        out _,
                        ("Compression", "prune(0.9) fine-tune"),
                        ("TrainingData", "train\\*.npz; more.npz"),
                        ("ValidationData", "held.npz"),
                        ("CalibrationData", Written("c.npz")),
                        ("MaxAccuracyLoss", "2%"),
                        ("MinSqnr", "20"),
                        ("Fidelity", "y:boxes"),
                        ("Providers", "cuda"),
                        ("TrainedFile", "trained/a.safetensors")
                    )
                )
                .TrainCommand
        );
        Assert.Equal(
            "modelbuild train Models/a.onnx --compression fine-tune --training-data FILES",
            Assert.Single(Resolve(out _, ("Compression", "fine-tune"))).TrainCommand
        );
        Assert.Equal(
            "modelbuild train Models/a.onnx --recipe Models/small.json --calibration-data c.npz",
            Assert.Single(Resolve(out _, ("Recipe", "Models/small.json"), ("CalibrationData", "c.npz"))).TrainCommand
        );
    }

    public void Dispose() => _project.Dispose();

    private static IReadOnlyList<string> Files(ModelRequest request, string setting) =>
        setting == "TrainingData" ? request.TrainingData : request.ValidationData;

    private string Written(string path)
    {
        _project.Write(path, "");
        return path;
    }

    private IReadOnlyList<ModelRequest> Resolve(out IReadOnlyList<ModelProblem> problems, params (string Name, string Value)[] metadata)
    {
        _project.Write("Models/a.onnx", "");
        var resolver = new ModelResolver(_project.File, _project.Obj, _defaults);
        var requests = resolver.Resolve([TemporaryProject.Item("Models/a.onnx", metadata)], withData: true);
        problems = resolver.Problems;
        return requests;
    }
}
