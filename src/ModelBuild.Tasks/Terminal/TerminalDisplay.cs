using System.Globalization;
using Microsoft.Build.Framework;
using ModelBuild.Tasks.Items;

namespace ModelBuild.Tasks.Terminal;

/// <summary>
/// Shows each model in MSBuild's terminal logger. The logger hides messages, but shows a line for each project with its name, the current target and its
/// output. Each model is therefore shown as a project while it is compressed (<see cref="ModelBuildProgress"/>).
/// </summary>
/// <param name="engine">Builds the projects.</param>
/// <param name="folder">The absolute folder for files that exist only while the program runs.</param>
/// <param name="startFolder">The folder in which the build was started, to which the paths of reports are relative; empty for absolute paths.</param>
internal sealed class TerminalDisplay(IBuildEngine engine, string folder, string startFolder)
{
    /// <summary>Gets the folder of the progress files.</summary>
    public string Folder => folder;

    /// <summary>Shows models one after the other while the program works on them.</summary>
    /// <param name="models">The models' files in the order of the program.</param>
    /// <param name="processId">The identifier of the program's process.</param>
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

    /// <summary>Shows a model whose results are current.</summary>
    /// <param name="model">The model's files.</param>
    /// <param name="text">The text to show for the model.</param>
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

    /// <summary>Creates an empty folder for the files of the display.</summary>
    public void Open()
    {
        Close();
        Directory.CreateDirectory(folder);
    }

    /// <summary>Deletes the files of the display. Files that are in use now are deleted by the next build.</summary>
    public void Close()
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Files that cannot be deleted have no effect on later builds.
        }
    }

    private string ProgressPath(ModelFiles model) => ProgressLines.Path(folder, model.Id);
}
