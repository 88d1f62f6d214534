using ModelBuild.Cli.Build;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Page;
using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Cli.Tuning;

/// <summary>
/// The folder of a study. Each finished task has a file, which is written under another name and renamed, so that a process that is killed loses at most the
/// task that runs. The models of the front are kept, so that a study that goes on can measure their times.
/// </summary>
internal sealed class StudyFolder
{
    private const string FactsFile = "study.json";
    private const string ResultFile = "front.json";

    private readonly Dictionary<string, StudyRecord> _known = new(StringComparer.Ordinal);

    // The path as the user gave it.
    private readonly string _given;

    private StudyFolder(string given) => (_given, Path) = (given, System.IO.Path.GetFullPath(given));

    /// <summary>The path of the folder.</summary>
    public string Path { get; }

    /// <summary>The folder of a model's study where the user names none: <c>digits.study</c> beside <c>digits.onnx</c>.</summary>
    public static string Beside(string model) => System.IO.Path.ChangeExtension(model, ".study");

    /// <summary>Opens the folder of a study.</summary>
    /// <param name="path">The path, which may not exist yet.</param>
    /// <param name="facts">What the study is about.</param>
    /// <param name="resume">Whether the study in the folder goes on. Otherwise its files are removed.</param>
    /// <exception cref="CompressionException">MB1005: there is no study to go on with, it is about something else, or the folder has other
    /// files.</exception>
    public static StudyFolder Open(string path, StudyFacts facts, bool resume)
    {
        var folder = new StudyFolder(path);
        var existing = File.Exists(folder.In(FactsFile)) ? JsonText.TryRead<StudyFacts>(File.ReadAllText(folder.In(FactsFile))) : null;
        if (resume)
            folder.Resume(facts, existing);
        else
            folder.Clear(existing);
        Directory.CreateDirectory(folder.In("trials"));
        Directory.CreateDirectory(folder.In("models"));
        folder.DeleteTemporaryFiles();
        BuildFiles.Write(folder.In(FactsFile), JsonText.Of(facts));
        return folder;
    }

    /// <summary>Reads the result of the study in a folder.</summary>
    /// <param name="path">The path of the folder.</param>
    /// <param name="model">The model that the study has to be about.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="CompressionException">MB1005: the folder has no result of a study, or the study is about another model.</exception>
    public static (StudyFolder Folder, StudyDocument Document) Read(string path, string model, CancellationToken cancellationToken)
    {
        var folder = new StudyFolder(path);
        var file = folder.In(ResultFile);
        var document = File.Exists(file) ? JsonText.TryRead<StudyDocument>(File.ReadAllText(file)) : null;
        if (document is null)
            throw new CompressionException(Codes.UnknownOption, "The folder has no result of a study: run 'modelbuild tune' without --pick first.", path);
        if (
            JsonText.TryRead<StudyFacts>(File.ReadAllText(folder.In(FactsFile))) is { } facts
            && facts.ModelHash != ContentHash.OfModel(model, cancellationToken)
        )
            throw new CompressionException(Codes.UnknownOption, $"The study is about another model than '{model}', or the model changed.", path);
        return (folder, document);
    }

    /// <summary>Returns the outcome of a task that was done before; null if it was not, or if it failed, possibly because the machine was busy.</summary>
    public StudyOutcome? Find(StudyTask task) => _known.GetValueOrDefault(task.Key)?.Outcome is { Failure: null } outcome ? outcome : null;

    /// <summary>Saves the outcome of a task.</summary>
    /// <param name="number">The number of the task, from 1.</param>
    /// <param name="task">The task.</param>
    /// <param name="outcome">The outcome.</param>
    public void Save(int number, StudyTask task, StudyOutcome outcome) =>
        BuildFiles.Write(In("trials", $"{number:0000}.json"), JsonText.Of(new StudyRecord(task.Key, outcome)));

    /// <summary>The path of the page about the study.</summary>
    public string Page => In("report.html");

    /// <summary>Saves the result of the study so far, and the page about it.</summary>
    public void Save(StudyDocument document)
    {
        BuildFiles.Write(In(ResultFile), JsonText.Of(document));
        BuildFiles.Write(Page, StudyPage.Render(document));
    }

    /// <summary>The path of the model of a trial.</summary>
    public string Model(int number) => In("models", $"{number:0000}.onnx");

    /// <summary>The path of the trained values of a trial.</summary>
    public string Trained(int number) => In("models", $"{number:0000}.safetensors");

    /// <summary>The folder of the temporary files of a task.</summary>
    public string TemporaryFolder => In("work");

    /// <summary>The folder of the results that all trials share.</summary>
    public string SharedFolder => In("shared");

    /// <summary>Deletes what a task that was killed has left.</summary>
    public void DeleteTemporaryFiles()
    {
        if (Directory.Exists(TemporaryFolder))
            Directory.Delete(TemporaryFolder, recursive: true);
        Directory.CreateDirectory(TemporaryFolder);
        foreach (var workspace in Directory.EnumerateDirectories(In("models")).ToArray())
            Directory.Delete(workspace, recursive: true);
        foreach (var file in Directory.Exists(SharedFolder) ? Directory.GetFiles(SharedFolder) : [])
            if (System.IO.Path.GetExtension(file) != SharedResults.Extension)
                File.Delete(file);
    }

    /// <summary>Deletes the model of a trial, and its external data. The trained values are kept.</summary>
    public void DeleteModel(int number)
    {
        foreach (var file in Directory.EnumerateFiles(In("models"), $"{number:0000}.onnx*").ToArray())
            File.Delete(file);
    }

    private void Resume(StudyFacts facts, StudyFacts? existing)
    {
        if (existing is null)
            throw new CompressionException(Codes.UnknownOption, "There is no study to resume in this folder. Run the command without --resume.", _given);
        if (existing.Difference(facts) is { } difference)
            throw new CompressionException(
                Codes.UnknownOption,
                $"The study in this folder cannot be resumed, because {difference}. Run the command without --resume to begin a new one.",
                _given
            );
        foreach (var file in Directory.EnumerateFiles(In("trials"), "*.json"))
            if (JsonText.TryRead<StudyRecord>(File.ReadAllText(file)) is { } record)
                _known[record.Key] = record;
    }

    // Only folders of studies are emptied, because the user may name any folder.
    private void Clear(StudyFacts? existing)
    {
        if (!Directory.Exists(Path) || !Directory.EnumerateFileSystemEntries(Path).Any())
            return;
        if (existing is null)
            throw new CompressionException(Codes.UnknownOption, "The folder of a study must be empty, or have an earlier study.", _given);
        foreach (var name in new[] { "trials", "models", "shared" }.Select(name => In(name)).Where(Directory.Exists))
            Directory.Delete(name, recursive: true);
        File.Delete(In(ResultFile));
        File.Delete(Page);
    }

    private string In(params ReadOnlySpan<string> names) => System.IO.Path.Combine([Path, .. names]);
}
