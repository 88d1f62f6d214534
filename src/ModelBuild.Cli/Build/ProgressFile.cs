using System.Text;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Work;

namespace ModelBuild.Cli.Build;

/// <summary>
/// Writes the progress of one model for the build's tasks. Each change adds a line. The last line starts with <c>=</c>, followed by the text that the terminal
/// shows for the model; the text is empty if the model failed.
/// </summary>
internal sealed class ProgressFile(string path, string id)
{
    // The number of characters that fit beside the model's name and the time in a terminal of 80 columns.
    private const int Columns = 66;
    private const int MinColumns = 24;

    private string _line = "";

    /// <summary>Adds a line about a report of the engine to the progress file.</summary>
    public void Report(WorkLine line) => Add(WorkWords.Of(line.Place, Math.Max(MinColumns, Columns - id.Length)));

    /// <summary>Adds the last line to the progress file.</summary>
    public void End(string summary) => Add(ProgressLines.End + summary);

    private void Add(string line)
    {
        if (line == _line)
            return;
        _line = line;
        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }
}
