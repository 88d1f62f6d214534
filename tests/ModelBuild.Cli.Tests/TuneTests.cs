using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary><c>tune</c> runs studies of a few recipes on a small network.</summary>
public sealed class TuneTests : IDisposable
{
    private const int Rows = 64;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_study_writes_the_recipe_with_which_builds_give_the_same_bytes()
    {
        Save(_folder);

        var result = Tune("--trials", "4", "--max-latency", "10000ms");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("4 recipes ran", result.Output, StringComparison.Ordinal);
        Assert.Contains("Builds of model.onnx use this recipe from now on", result.Output, StringComparison.Ordinal);
        Assert.All(result.Output.Split('\n').Where(line => line.Length > 0 && "╭│├╰".Contains(line[0])), line => Assert.InRange(line.TrimEnd().Length, 1, 80));
        var chosen = Chosen(Front("model.study"));
        var built = Program().Run("compress", "model.onnx", "--calibration-data", "data.npz", "--min-sqnr", "10", "--json").Json;
        Assert.Equal(chosen.GetProperty("result").GetProperty("sha256").GetString(), built.GetProperty("compressed").GetProperty("sha256").GetString());
        Assert.Equal(2, chosen.GetProperty("latencies").GetArrayLength());
        // The tasks share the outputs of the original and the statistics of its values.
        Assert.True(Directory.GetFiles(_folder.File("model.study/shared"), "*.bin").Length >= 2);
    }

    [Fact]
    public void Damaged_shared_files_do_not_change_the_front()
    {
        Save(_folder);
        Tune("--trials", "6", "--study", "whole");
        Tune("--trials", "2", "--study", "damaged");
        foreach (var file in Directory.GetFiles(_folder.File("damaged/shared")))
        {
            var bytes = File.ReadAllBytes(file);
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(file, bytes);
        }

        Tune("--trials", "6", "--study", "damaged", "--resume");

        Assert.Equal(Points("whole"), Points("damaged"));
    }

    [Fact]
    public void The_same_study_twice_has_the_same_front_and_another_point_can_be_picked()
    {
        Save(_folder);

        Tune("--trials", "6", "--study", "one");
        Tune("--trials", "6", "--study", "two");

        var points = Points("one");
        Assert.Equal(points, Points("two"));
        Assert.True(points.Length > 1);
        var other = Front("one").GetProperty("front").EnumerateArray().Last();
        var picked = Tune("--study", "one", "--pick", other.GetProperty("number").GetInt32().ToString(CultureInfo.InvariantCulture));
        Assert.Equal(0, picked.ExitCode);
        Assert.Contains(
            other.GetProperty("recipe").GetString()!.Split(' ')[0].Split('(')[0],
            File.ReadAllText(_folder.File("model.recipe.json")),
            StringComparison.Ordinal
        );
        Tune("--study", "one", "--pick", "999").Fails(2, "MB1005", "one", "The study has no point 999. The points of its front are ");
    }

    [Fact]
    public async Task A_study_that_is_killed_goes_on_to_the_same_front()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("The test kills a process by a command of Unix.");
        Save(_folder);
        Tune("--trials", "5", "--study", "whole");
        using (var process = Program().Start(Arguments("--trials", "5", "--study", "killed")))
        {
            await Eventually.IsTrueInAsync(process, () => Trials("killed").Length >= 3, TestContext.Current.CancellationToken);
            await ChildProcesses.SignalAsync("-KILL", Id(process));
            ModelBuildProgram.Wait(process);
        }

        var kept = Trials("killed");
        Assert.InRange(kept.Length, 3, 4);
        var texts = kept.Select(File.ReadAllText).ToArray();
        var resumed = Tune("--trials", "5", "--study", "killed", "--resume", "--verbose");

        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal(texts, kept.Select(File.ReadAllText));
        Assert.Equal(Points("whole"), Points("killed"));
    }

    [Fact]
    public async Task An_interrupt_keeps_what_was_found()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows sends Ctrl+C to a console, not to a process.");
        if (Interrupts.AreIgnored)
            Assert.Skip("The process that started the tests ignores interrupts, and so do its children.");
        Save(_folder);
        using var process = Program().Start(Arguments("--minutes", "60"));
        await Eventually.IsTrueInAsync(process, () => Trials("model.study").Length >= 3, TestContext.Current.CancellationToken);

        await ChildProcesses.SignalAsync("-INT", Id(process));

        Assert.Equal(0, ModelBuildProgram.Wait(process).ExitCode);
        Assert.True(File.Exists(_folder.File("model.recipe.json")));
        Assert.True(Front("model.study").GetProperty("trials").GetInt32() >= 3);
    }

    [Theory]
    [InlineData("-ABRT", "its process crashed with exit code 134")]
    [InlineData("-KILL", null)]
    public async Task A_crash_costs_one_trial_and_a_trial_that_was_killed_runs_again(string signal, string? why)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("The test finds the child process in /proc.");
        Save(_folder);
        using var process = Program().Start(Arguments("--trials", "4"));
        await Eventually.IsTrueInAsync(process, () => Trials("model.study").Length >= 1, TestContext.Current.CancellationToken);
        string[] children = [];
        await Eventually.IsTrueInAsync(process, () => (children = ChildProcesses.Of(process)).Length > 0, TestContext.Current.CancellationToken);

        await ChildProcesses.SignalAsync(signal, children[0]);

        Assert.Equal(0, ModelBuildProgram.Wait(process).ExitCode);
        var failed = Front("model.study").GetProperty("failed").EnumerateArray().Select(failure => failure.GetProperty("why").GetString());
        Assert.Equal(why is null ? [] : [why], failed);
        Assert.Equal(4, Front("model.study").GetProperty("trials").GetInt32());
    }

    [Fact]
    public void A_study_without_a_result_within_the_budget_writes_no_recipe()
    {
        Save(_folder);

        var result = Tune("--trials", "2", "--max-size", "1KB");

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("model.onnx : error MB1009: No recipe of the study is within the budget and the limits", result.Error, StringComparison.Ordinal);
        Assert.Contains("2 recipes ran", result.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("model.recipe.json")));
    }

    [Theory]
    [InlineData(2, "MB1005", "--trials 0: the number must be 1 or more", "--trials", "0")]
    [InlineData(2, "MB1005", "--minutes 'soon' must be a number of minutes above 0", "--minutes", "soon")]
    [InlineData(2, "MB1005", "--max-latency 'fast' must be a number of milliseconds such as 3ms", "--max-latency", "fast")]
    [InlineData(2, "MB1005", "There is no study to resume in this folder", "--resume")]
    [InlineData(2, "MB1005", "The folder has no result of a study", "--pick", "1")]
    [InlineData(2, "MB1005", "The folder of a study must be empty, or have an earlier study", "--study", "other")]
    public void A_wrong_option_is_an_error(int exitCode, string code, string message, params string[] options)
    {
        Save(_folder);
        _folder.Write("other/letter.txt", "Dear reader");

        var result = Tune(options);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains($"error {code}: {message}", result.Error, StringComparison.Ordinal);
        Assert.Equal("Dear reader", File.ReadAllText(_folder.File("other/letter.txt")));
    }

    [Fact]
    public void Data_is_needed_and_enough_of_it_and_the_same_when_a_study_goes_on()
    {
        Save(_folder);
        WriteData("few.npz", 8);
        WriteData("others.npz", 48);

        Program().Run("tune", "model.onnx").Fails(1, "MB1023", "model.onnx", "A search compares recipes on real inputs");
        Program().Run("tune", "model.onnx", "--data", "few.npz").Fails(1, "MB1019", "model.onnx", "A search needs 16 samples or more");
        Tune("--trials", "1");
        Program()
            .Run("tune", "model.onnx", "--data", "others.npz", "--min-sqnr", "10", "--resume")
            .Fails(2, "MB1005", "model.study", "The study in this folder cannot be resumed, because it has other data");
    }

    public void Dispose() => _folder.Dispose();

    private static void Save(TemporaryFolder folder)
    {
        new Net()
            .Input("x", -1, 64)
            .Weight("w1", 64, 96)
            .Weight("w2", 96, 64)
            .Weight("w3", 64, 8)
            .Node("MatMul", "x w1", "a")
            .Node("Relu", "a", "b")
            .Node("MatMul", "b w2", "c")
            .Node("Relu", "c", "d")
            .Node("MatMul", "d w3", "y")
            .Output("y", DataType.Float, -1, 8)
            .Save(folder.File("model.onnx"));
        Numpy.Npz(folder.File("data.npz"), ("x", Numpy.Array([Rows, 64], Noise.Floats(Rows * 64))));
    }

    private string[] Trials(string study)
    {
        // The folder must not exist before the program creates it.
        var folder = Path.Combine(_folder.Path, study, "trials");
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)] : [];
    }

    private static string Id(Process process) => process.Id.ToString(CultureInfo.InvariantCulture);

    private static JsonElement Chosen(JsonElement document) =>
        document.GetProperty("front").EnumerateArray().Single(point => point.GetProperty("number").GetInt32() == document.GetProperty("chosen").GetInt32());

    private void WriteData(string name, int rows) => Numpy.Npz(_folder.File(name), ("x", Numpy.Array([rows, 64], Noise.Floats(rows * 64))));

    // Returns the figures of the front without measured times.
    private string[] Points(string study) =>
        [.. Front(study).GetProperty("front").EnumerateArray().Select(point => $"{point.GetProperty("recipe")} {point.GetProperty("result")}")];

    private JsonElement Front(string study) => JsonDocument.Parse(File.ReadAllText(_folder.File($"{study}/front.json"))).RootElement;

    private ModelBuildProgram Program() => new(_folder);

    private static string[] Arguments(params string[] options) => ["tune", "model.onnx", "--data", "data.npz", "--min-sqnr", "10", .. options];

    private ModelBuildProgram.Result Tune(params string[] options) => Program().Run(Arguments(options));
}
