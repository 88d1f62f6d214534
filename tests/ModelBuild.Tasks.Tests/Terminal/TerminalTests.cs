using System.Diagnostics;
using System.Xml.Linq;
using Microsoft.Build.Framework;
using ModelBuild.Tasks.Terminal;
using ModelBuild.Tasks.Tests.Stages;

namespace ModelBuild.Tasks.Tests.Terminal;

[Trait("Speed", "Slow")]
public sealed class TerminalTests : IDisposable
{
    private readonly StageProject _project = new();

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData(true, MessageImportance.Normal)]
    [InlineData(false, MessageImportance.High)]
    public void In_a_terminal_each_model_is_a_project_and_no_message_is_shown_twice(bool canBuild, MessageImportance importance)
    {
        var (task, engine) = Compress(canBuild);

        Assert.True(task.Execute());

        Assert.Equal(["AModel: compress model 1 of 2", "BModel: compress model 2 of 2"], engine.Projects.Select(built => $"{built.Name}: {built.Target}"));
        Assert.Equal(
            [importance, importance],
            engine.Messages.Where(message => message.Message!.EndsWith(": compressed", StringComparison.Ordinal)).Select(message => message.Importance)
        );
        Assert.False(Directory.Exists(Path.Combine(_project.Obj, "terminal")));
    }

    [Theory]
    [InlineData("", false, false, MessageImportance.Normal)]
    [InlineData("0", false, true, MessageImportance.Normal)]
    [InlineData("0", true, false, MessageImportance.High)]
    [InlineData("1", false, false, MessageImportance.High)]
    public void A_model_that_is_up_to_date_is_a_message_for_whom_it_reaches(string terminal, bool isInEditor, bool isVerbose, MessageImportance importance)
    {
        Assert.True(Compress(canBuild: true).Task.Execute());
        var (task, engine) = Compress(canBuild: true, terminal, isInEditor, isVerbose);

        Assert.True(task.Execute());

        var message = Assert.Single(engine.Messages, message => message.Message!.StartsWith("AModel: up to date, 4 bytes  ", StringComparison.Ordinal));
        Assert.Equal(importance, message.Importance);
        Assert.Empty(engine.Projects);
    }

    [Fact]
    public void A_terminal_shows_it_where_somebody_asks_for_more()
    {
        Assert.True(Compress(canBuild: true).Task.Execute());
        var (task, engine) = Compress(canBuild: true, isVerbose: true);

        Assert.True(task.Execute());

        Assert.Equal(["AModel: compress model 1 of 1", "BModel: compress model 1 of 1"], engine.Projects.Select(built => $"{built.Name}: {built.Target}"));
        Assert.DoesNotContain(engine.Messages, message => message.Message!.Contains("up to date", StringComparison.Ordinal));
    }

    [Fact]
    public void Parts_of_the_work_are_projects_and_the_end_is_what_a_project_says_it_made()
    {
        var file = _project.Write("terminal/AModel.progress", "reading\n");
        var engine = new RecordingEngine { CanBuild = true };
        string[] lines = ["step 1 of 2 int8(…), best 43.2 dB\n", "=100 -> 50 bytes, 43.2 dB\n"];
        engine.Building = () => File.AppendAllText(file, lines[engine.Projects.Count - 1]);

        var task = new ModelBuildProgress
        {
            BuildEngine = engine,
            Model = "AModel",
            File = file,
            ProcessId = Environment.ProcessId,
            Report = "obj/AModel.report.html",
        };

        Assert.True(task.Execute());
        Assert.Equal(["AModel: reading", "AModel: step 1 of 2 int8[…], best 43 dB"], engine.Projects.Select(built => $"{built.Name}: {built.Target}"));
        var message = Assert.Single(engine.Messages);
        Assert.Equal((MessageImportance.High, "AModel -> 100 -> 50 bytes, 43.2 dB, obj/AModel.report.html"), (message.Importance, message.Message));
    }

    [Fact]
    public void Nobody_waits_for_a_program_that_is_gone_or_a_build_that_is_cancelled()
    {
        using var process = Process.Start(
            new ProcessStartInfo(_project.DotnetHost.Length > 0 ? _project.DotnetHost : "dotnet", "--version") { RedirectStandardOutput = true }
        )!;
        process.WaitForExit();
        var file = _project.Write("AModel.progress", "reading\n");
        var engine = new RecordingEngine { CanBuild = true };
        var cancelled = new ModelBuildProgressStep
        {
            BuildEngine = engine,
            File = file,
            ProcessId = Environment.ProcessId,
            Line = "reading",
        };
        cancelled.Cancel();

        Assert.True(
            new ModelBuildProgress
            {
                BuildEngine = engine,
                Model = "AModel",
                File = file,
                ProcessId = process.Id,
                Report = "",
            }.Execute()
        );
        Assert.True(
            new ModelBuildProgressStep
            {
                BuildEngine = engine,
                File = file,
                ProcessId = process.Id,
                Line = "reading",
            }.Execute()
        );
        Assert.True(cancelled.Execute());
        Assert.Empty(engine.Messages);
    }

    [Theory]
    [InlineData("step 2 of 3 int8, best 43.2 dB", "step 2 of 3 int8, best 43 dB")]
    [InlineData("50 % of $(x); @(y) 'z' *.?", "50 - of -[x]- -[y] -z- ---")]
    public void A_target_has_a_name_that_MSBuild_takes(string words, string target)
    {
        var path = Path.Combine(_project.Folder, "a b;c%20", "AModel.proj");

        var project = ProgressProject.Write(path, words, typeof(ModelBuildProgressStep), ("Line", "100 % of $(x)"));

        Assert.Equal(target, project.Target);
        var written = XElement.Load(path).Element("Target")!;
        Assert.Equal(
            (target, "100 %25 of %24%28x%29"),
            (written.Attribute("Name")!.Value, written.Element(nameof(ModelBuildProgressStep))!.Attribute("Line")!.Value)
        );
    }

    private (ModelBuildCompress Task, RecordingEngine Engine) Compress(bool canBuild, string terminal = "1", bool isInEditor = false, bool isVerbose = false)
    {
        foreach (var name in new[] { "a.onnx", "b.onnx" }.Where(name => !File.Exists(Path.Combine(_project.Folder, name))))
            _project.Write(name, "copy");
        ITaskItem[] models = [_project.Model("a.onnx"), _project.Model("b.onnx")];
        Assert.True(_project.Inspect("Build", models).Execute());
        var task = _project.Compress("Build", models);
        (task.Terminal, task.IsInEditor, task.IsVerbose, task.StartFolder) = (terminal, isInEditor, isVerbose, _project.Folder);
        _project.Engine.CanBuild = canBuild;
        return (task, _project.Engine);
    }
}
