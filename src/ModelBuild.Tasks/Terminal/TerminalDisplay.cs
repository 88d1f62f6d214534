using System.Globalization;
using Microsoft.Build.Framework;
using ModelBuild.Tasks.Items;

namespace ModelBuild.Tasks.Terminal;

/// <summary>
/// Shows each model in MSBuild's terminal logger, which hides messages of every importance but has a line for each project: its name, the target that runs,
/// and at the end what it says to have made. So each model is a project while it is compressed (<see cref="ModelBuildProgress"/>).
/// </summary>
/// <param name="engine">Builds the projects.</param>
/// <param name="folder">The absolute folder for files that last as long as the program runs.</param>
/// <param name="startFolder">The folder in which the build was started, from which reports are named; empty for absolute names.</param>
internal sealed class TerminalDisplay(IBuildEngine engine, string folder, string startFolder)
{
    /// <summary>The folder in which the program tells where its work is.</summary>
    public string Folder => folder;

    /// <summary>Shows models while the program works on them, one after the other.</summary>
    /// <param name="models">The models' files, in the program's order.</param>
    /// <param name="processId">The program's process.</param>
    /// <returns>Whether all of them could be shown.</returns>
    public bool Show(IReadOnlyList<ModelFiles> models, int processId)
    {
        var areShown = true;
        for (var i = 0; i < models.Count; i++)
        {
            var project = ProgressProject.Write(
                Path.Combine(folder, models[i].Id + ".proj"),
                string.Format(CultureInfo.InvariantCulture, "compress model {0} of {1}", i + 1, models.Count),
                typeof(ModelBuildProgress),
                (nameof(ModelBuildProgress.Model), models[i].Id),
                (nameof(ModelBuildProgress.File), ProgressPath(models[i])),
                (nameof(ModelBuildProgress.ProcessId), processId.ToString(CultureInfo.InvariantCulture)),
                (nameof(ModelBuildProgress.Report), startFolder.Length > 0 ? Paths.Relative(startFolder, models[i].Report) : models[i].Report)
            );
            areShown &= engine.BuildProjectFile(project.Path, [project.Target], null, null);
        }

        return areShown;
    }

    /// <summary>Shows a model on which no work is to be done.</summary>
    /// <param name="model">The model's files.</param>
    /// <param name="text">What is said of it.</param>
    /// <returns>Whether it could be shown.</returns>
    public bool Show(ModelFiles model, string text)
    {
        Open();
        File.WriteAllText(ProgressPath(model), ProgressLines.End + text + "\n");
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var isShown = Show([model], process.Id);
        Close();
        return isShown;
    }

    /// <summary>Begins anew.</summary>
    public void Open()
    {
        Close();
        Directory.CreateDirectory(folder);
    }

    /// <summary>Deletes the files; those that somebody has open go with the next build.</summary>
    public void Close()
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nothing depends on them.
        }
    }

    private string ProgressPath(ModelFiles model) => ProgressLines.Path(folder, model.Id);
}
