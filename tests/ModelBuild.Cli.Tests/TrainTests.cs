using System.Diagnostics;
using System.Globalization;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary><c>train</c> writes trained values, and <c>compress</c> trains, keeps the values and uses them.</summary>
public sealed class TrainTests : IDisposable
{
    private const string Steps = "prune fine-tune(steps=2)";

    private readonly TemporaryFolder _folder = new();

    public TrainTests()
    {
        new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y", DataType.Float, -1, 64).Save(_folder.File("net.onnx"));
        Numpy.Npz(_folder.File("train/1.npz"), ("x", Numpy.Array([40, 64], Noise.Floats(2560))));
        Numpy.Npz(_folder.File("train/2.npz"), ("x", Numpy.Array([20, 64], Noise.Floats(1280, seed: 2))));
    }

    [Fact]
    public void Train_writes_the_values_that_compress_uses()
    {
        var trained = Run("train", "--training-data", "train/*.npz");

        Assert.Equal((0, ""), (trained.ExitCode, trained.Error));
        Assert.Contains("Trained on 54 rows in 2 steps of 8", trained.Output, StringComparison.Ordinal);
        Assert.Contains("net.trained.safetensors\ngood: ", trained.Output, StringComparison.Ordinal);
        Assert.Equal(["net.onnx", "net.trained.safetensors", "train", "train/1.npz", "train/2.npz"], _folder.Names());

        var stored = Run("compress", "--output", "stored.onnx");
        var both = Run("compress", "--output", "both.onnx", "--training-data", "train");

        Assert.Equal((0, 0), (stored.ExitCode, both.ExitCode));
        Assert.Equal(File.ReadAllBytes(_folder.File("both.onnx")), File.ReadAllBytes(_folder.File("stored.onnx")));
        Assert.Contains("Trained on 54 rows", stored.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Keep_trained_writes_the_file_that_train_writes()
    {
        Assert.Equal(0, Run("train", "--training-data", "train/*.npz", "--validation-data", "train/2.npz", "--output", "other/values.safetensors").ExitCode);
        Assert.Equal(0, Run("compress", "--training-data", "train/*.npz", "--validation-data", "train/2.npz", "--keep-trained").ExitCode);

        Assert.Equal(File.ReadAllBytes(_folder.File("other/values.safetensors")), File.ReadAllBytes(_folder.File("net.trained.safetensors")));
    }

    [Fact]
    public void Compress_trains_on_calibration_data_and_again_where_the_values_are_stale()
    {
        Assert.Equal(0, Run("train", "--training-data", "train/*.npz").ExitCode);
        new Net().Input("x", -1, 64).Weight("v", 64, 64).Node("MatMul", "x v", "y").Output("y", DataType.Float, -1, 64).Save(_folder.File("net.onnx"));

        var result = Run("compress", "--calibration-data", "train/1.npz", "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("net.onnx : warning MB1044: The trained values of 'net.trained.safetensors' were not used", result.Error, StringComparison.Ordinal);
        Assert.Contains(
            "modelbuild train net.onnx --compression \"prune fine-tune(steps=2)\" --training-data FILES --calibration-data train/1.npz --min-sqnr 1",
            result.Error,
            StringComparison.Ordinal
        );
        var training = result.Json.GetProperty("steps").EnumerateArray().Last().GetProperty("training");
        Assert.True(training.GetProperty("isCalibration").GetBoolean());
    }

    [Theory]
    [InlineData(1, "MB1043", "give TrainingData", "train", Steps)]
    [InlineData(1, "MB1043", "give TrainingData", "compress", Steps)]
    [InlineData(2, "MB1005", "No step of the recipe 'prune' trains", "train", "prune", "--training-data", "train")]
    public void A_command_that_cannot_train_says_why(int exitCode, string code, string message, string command, string steps, params string[] options)
    {
        var result = new ModelBuildProgram(_folder).Run([command, "net.onnx", "--compression", steps, .. options]);

        result.Fails(exitCode, code, "net.onnx", message);
        Assert.DoesNotContain(_folder.Names(), name => name.EndsWith("safetensors", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--training-data")]
    [InlineData("--validation-data")]
    public void A_glob_without_files_is_an_error(string option) => Run("train", option, "nowhere/*.npz").Fails(1, "MB1019", "nowhere/*.npz", "matches no file");

    [Fact]
    public async Task A_killed_training_continues_to_the_same_bytes()
    {
        const string Long = "prune fine-tune(steps=3000)";
        Assert.Equal(0, Train(Long, "whole.safetensors").ExitCode);
        foreach (var signal in new[] { "-KILL", "-TERM" })
        {
            if (OperatingSystem.IsWindows())
                Assert.Skip("Windows has no signals.");
            using var process = new ModelBuildProgram(_folder).Start([.. Arguments(Long, "parts.safetensors"), "--resume"]);
            var state = _folder.File("parts.checkpoints/0.checkpoint.safetensors");
            var before = File.Exists(state) ? File.GetLastWriteTimeUtc(state) : DateTime.MinValue;
            await Eventually.IsTrueInAsync(
                process,
                () => File.Exists(state) && File.GetLastWriteTimeUtc(state) > before,
                TestContext.Current.CancellationToken
            );
            using (var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]))
                kill.WaitForExit();
            var stopped = ModelBuildProgram.Wait(process);
            Assert.NotEqual(0, stopped.ExitCode);
            if (signal == "-TERM")
                stopped.Fails(1, "MB1014", "net.onnx", "is kept in 'parts.checkpoints': run the same command with --resume to continue.");
        }

        Assert.Equal(0, Train(Long, "parts.safetensors", "--resume").ExitCode);

        Assert.Equal(File.ReadAllBytes(_folder.File("whole.safetensors")), File.ReadAllBytes(_folder.File("parts.safetensors")));
        Assert.DoesNotContain(_folder.Names(), name => name.Contains("checkpoint", StringComparison.Ordinal));
    }

    [Fact]
    public void A_result_that_misses_its_budget_is_verified_again_without_training()
    {
        string[] arguments = ["compress", "net.onnx", "--compression", "prune fine-tune(steps=20)", "--training-data", "train", "--output", "small.onnx"];
        new ModelBuildProgram(_folder)
            .Run([.. arguments, "--min-sqnr", "200"])
            .Fails(
                1,
                "MB1009",
                "net.onnx",
                "The state of the training is kept in 'small.checkpoints': with --resume and another budget, nothing is trained again."
            );

        var resumed = new ModelBuildProgram(_folder).Run([.. arguments, "--min-sqnr", "1", "--resume", "-v"]);

        Assert.Equal(0, resumed.ExitCode);
        Assert.Contains("continuing after step 20 of 20", resumed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Names(), name => name.Contains("checkpoint", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private ModelBuildProgram.Result Train(string steps, string output, params string[] options) =>
        new ModelBuildProgram(_folder).Run([.. Arguments(steps, output), .. options]);

    private static string[] Arguments(string steps, string output) =>
        ["train", "net.onnx", "--compression", steps, "--training-data", "train/*.npz", "--min-sqnr", "1", "--output", output];

    private ModelBuildProgram.Result Run(string command, params string[] options) =>
        new ModelBuildProgram(_folder).Run([command, "net.onnx", "--compression", Steps, "--min-sqnr", "1", .. options]);
}
