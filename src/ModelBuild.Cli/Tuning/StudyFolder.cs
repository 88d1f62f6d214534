using System.Security.Cryptography;
using System.Text;
using ModelBuild.Cli.Build;
using ModelBuild.Cli.Tuning.Claims;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Page;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Tuning;

/// <summary>
/// Represents the folder of a study, through which its workers exchange all data. Each finished task has a file, which is written under another name and
/// renamed, and the first such file is kept. A worker that is killed loses at most the task that it runs. The models of the front are kept, so that their times
/// can be measured.
/// </summary>
internal sealed class StudyFolder
{
    private const string StudyFileName = "study.json";
    private const string ResultFile = "front.json";
    private const string RunFile = "run.txt";
    private const string JobFile = "slurm.txt";
    private const string Trials = "trials";
    private const string Models = "models";
    private const string ClaimsName = "claims";
    private const string Work = "work";
    private const string Data = "data";
    private const string Shared = "shared";
    private const int TaskNameLength = 16;
    private const int DeleteAttempts = 20;

    private static readonly TimeSpan DeletePause = TimeSpan.FromMilliseconds(100);

    // The path of the folder as the user gave it.
    private readonly string _given;

    private StudyFolder(string given) => (_given, Path) = (given, System.IO.Path.GetFullPath(given));

    /// <summary>Gets the path of the folder.</summary>
    public string Path { get; }

    /// <summary>Gets the path of the page about the study.</summary>
    public string Page => In("report.html");

    /// <summary>Gets the folder of the output of workers on other machines.</summary>
    public string Logs => In("logs");

    /// <summary>Returns the default path of the folder of a model's study: <c>digits.study</c> beside <c>digits.onnx</c>.</summary>
    public static string Beside(string model) => System.IO.Path.ChangeExtension(model, ".study");

    /// <summary>Opens the folder of a study to begin or to resume the study. Workers of an earlier run end.</summary>
    /// <param name="path">The path, which may not exist yet.</param>
    /// <param name="facts">The facts that the study depends on.</param>
    /// <param name="resume">Whether the study in the folder is resumed. Otherwise its files are removed.</param>
    /// <returns>The folder, and the id of the study.</returns>
    /// <exception cref="CompressionException">MB1005: there is no study to go on with, it is about something else, or the folder has other files.</exception>
    public static (StudyFolder Folder, string Id) Open(string path, StudyFacts facts, bool resume)
    {
        var folder = new StudyFolder(path);
        var existing = folder.TryRead();
        if (resume)
            folder.Resume(facts, existing);
        else
            folder.Clear(existing);
        // The earlier run is stopped first, because the folder may have claims and temporary files of its workers.
        folder.Stop();
        foreach (var name in new[] { ClaimsName, Work })
            StaleFolders.TryDelete(folder.In(name));
        foreach (var name in new[] { Trials, Models, ClaimsName, Work, Data })
            Directory.CreateDirectory(folder.In(name));
        return (folder, resume ? existing!.Id : NewName());
    }

    /// <summary>Opens the folder of a study that exists.</summary>
    /// <exception cref="CompressionException">MB1005: the folder has no study.</exception>
    public static (StudyFolder Folder, StudyFile File) Join(string path)
    {
        var folder = new StudyFolder(path);
        return folder.TryRead() is { } file
            ? (folder, file)
            : throw new CompressionException(Codes.UnknownOption, "The folder has no study. 'modelbuild tune MODEL --study FOLDER' begins one.", path);
    }

    /// <summary>Reads the result of the study in a folder.</summary>
    /// <param name="path">The path of the folder.</param>
    /// <param name="model">The model that the study has to be about.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="CompressionException">MB1005: the folder has no result of a study, or the study is about another model.</exception>
    public static (StudyFolder Folder, StudyDocument Document) Read(string path, string model, CancellationToken cancellationToken)
    {
        var folder = new StudyFolder(path);
        if (SharedFile.TryRead(folder.In(ResultFile)) is not { } text || JsonText.TryRead<StudyDocument>(text) is not { } document)
            throw new CompressionException(Codes.UnknownOption, "The folder has no result of a study: run 'modelbuild tune' without --pick first.", path);
        if (folder.TryRead() is { } study && study.Facts.ModelHash != ContentHash.OfModel(model, cancellationToken))
            throw new CompressionException(Codes.UnknownOption, $"The study is about another model than '{model}', or the model changed.", path);
        return (folder, document);
    }

    /// <summary>Writes the file from which workers read their work.</summary>
    public void Begin(StudyFile file)
    {
        BuildFiles.Write(In(StudyFileName), JsonText.Of(file));
        BuildFiles.Write(In(RunFile), file.Run);
    }

    /// <summary>Returns a name that no other study or run has.</summary>
    public static string NewName() => System.IO.Path.GetRandomFileName()[..8];

    /// <summary>Copies a file of data into the folder, where it is kept for workers that start later, and returns the path of the copy.</summary>
    public string Keep(string file)
    {
        var kept = In(Data, System.IO.Path.GetFileName(file));
        BuildFiles.Write(kept, File.ReadAllBytes(file));
        return kept;
    }

    /// <summary>Returns the name of a task in the folder.</summary>
    public static string NameOf(StudyTask task) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(task.Key)))[..TaskNameLength];

    /// <summary>Returns the record of a task; null if the study has none.</summary>
    /// <param name="study">The id of the study.</param>
    /// <param name="task">The task.</param>
    public StudyRecord? Find(string study, StudyTask task) =>
        SharedFile.TryRead(Record(task)) is { } text && JsonText.TryRead<StudyRecord>(text) is { } record && record.Study == study ? record : null;

    /// <summary>Saves the record of a task, unless the study has one.</summary>
    public void Save(StudyTask task, StudyRecord record)
    {
        if (Find(record.Study, task) is not null)
            return;
        var temporary = In(Work, System.IO.Path.GetRandomFileName());
        using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
        {
            file.Write(Encoding.UTF8.GetBytes(JsonText.Of(record)));
            // The file is flushed to the disk, so that the record is complete even after a power failure.
            file.Flush(flushToDisk: true);
        }

        if (FirstFile.TryMove(temporary, Record(task)))
            return;
        // The record that another worker has written in the meantime is kept. A file that is not a record of this study is replaced.
        if (Find(record.Study, task) is null)
            File.Move(temporary, Record(task), overwrite: true);
        else
            AtomicFile.TryDelete(temporary);
    }

    /// <summary>Saves the result of the study so far, and the page about it.</summary>
    public void Save(StudyDocument document)
    {
        BuildFiles.Write(In(ResultFile), JsonText.Of(document));
        BuildFiles.Write(Page, StudyPage.Render(document));
    }

    /// <summary>Gets or sets the number of the job that runs the workers of the study; null if there is none.</summary>
    public string? Job
    {
        get => SharedFile.TryRead(In(JobFile))?.Trim();
        set
        {
            if (value is null)
                File.Delete(In(JobFile));
            else
                BuildFiles.Write(In(JobFile), value + "\n");
        }
    }

    /// <summary>Returns whether workers continue: the study was not stopped, and neither another run of it nor another study has begun in the folder.</summary>
    public bool IsRunning(StudyFile file) => SharedFile.TryRead(In(RunFile)) is not { } run || run == file.Run;

    /// <summary>Makes all workers end, which then remove the claims of their tasks.</summary>
    public void Stop()
    {
        Directory.CreateDirectory(Path);
        BuildFiles.Write(In(RunFile), "");
    }

    /// <summary>Returns the claims of tasks.</summary>
    /// <param name="file">The study, which sets the time after which the claim of a silent worker is stale.</param>
    public ClaimFolder Claims(StudyFile file) => new(In(ClaimsName), TimeSpan.FromSeconds(file.LeaseSeconds));

    /// <summary>Returns the path of the model of a trial.</summary>
    public string Model(StudyTask task) => In(Models, $"{NameOf(task)}.onnx");

    /// <summary>Returns the path of the trained values of a trial.</summary>
    public string Trained(StudyTask task) => In(Models, $"{NameOf(task)}.safetensors");

    /// <summary>Creates an empty folder for the files of a running task, and deletes the folders that lost workers have left of this task.</summary>
    public WorkFolder CreateWork(StudyTask task)
    {
        foreach (var left in Directory.EnumerateDirectories(In(Work), $"{NameOf(task)}-*").ToArray())
            StaleFolders.TryDelete(left);
        return new WorkFolder(In(Work, $"{NameOf(task)}-{System.IO.Path.GetRandomFileName()}"), NameOf(task), In(Models), In(Shared));
    }

    /// <summary>Deletes the model of a trial, and its external data. The trained values are kept.</summary>
    public void DeleteModel(StudyTask task)
    {
        foreach (var file in Directory.EnumerateFiles(In(Models), $"{NameOf(task)}.onnx*").ToArray())
            AtomicFile.TryDelete(file);
    }

    private string Record(StudyTask task) => In(Trials, $"{NameOf(task)}.json");

    private StudyFile? TryRead() => SharedFile.TryRead(In(StudyFileName)) is { } text ? JsonText.TryRead<StudyFile>(text) : null;

    private void Resume(StudyFacts facts, StudyFile? existing)
    {
        if (existing is null)
            throw new CompressionException(Codes.UnknownOption, "There is no study to resume in this folder. Run the command without --resume.", _given);
        if (existing.Facts.Difference(facts) is { } difference)
            throw new CompressionException(
                Codes.UnknownOption,
                $"The study in this folder cannot be resumed, because {difference}. Run the command without --resume to begin a new one.",
                _given
            );
        // Workers of the earlier run are stopped first, so that they write no further record.
        Stop();
        // Records of failed tasks are deleted, because a task may have failed because the machine was busy.
        foreach (var file in Directory.EnumerateFiles(In(Trials), "*.json").ToArray())
            if (JsonText.TryRead<StudyRecord>(File.ReadAllText(file)) is not { Outcome.Failure: null })
                File.Delete(file);
    }

    // Empties the folder. Only a folder of a study is emptied, because the user may name any folder.
    private void Clear(StudyFile? existing)
    {
        if (!Directory.Exists(Path) || !Directory.EnumerateFileSystemEntries(Path).Any())
            return;
        if (existing is null)
            throw new CompressionException(Codes.UnknownOption, "The folder of a study must be empty, or have an earlier study.", _given);
        Stop();
        foreach (var name in new[] { Trials, Models, ClaimsName, Work, Data, Shared }.Select(name => In(name)).Where(Directory.Exists))
            Delete(name);
        foreach (var file in new[] { In(ResultFile), Page })
            File.Delete(file);
        // The file that marks the folder as the folder of a study is deleted last, so that the next command can empty the folder if this command ends early.
        File.Delete(In(StudyFileName));
    }

    // Workers of the earlier run may write a last file before they notice that the run was stopped.
    private static void Delete(string folder)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (attempt < DeleteAttempts && Directory.Exists(folder))
            {
                Thread.Sleep(DeletePause);
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
    }

    private string In(params ReadOnlySpan<string> names) => System.IO.Path.Combine([Path, .. names]);
}
