namespace ModelBuild.Protocol;

/// <summary>Describes the progress files, in which the program reports its work on each model to the terminal display.</summary>
internal static class ProgressLines
{
    /// <summary>
    /// The first character of the last line of a progress file. The summary of the result follows it; the summary is empty if the model failed.
    /// </summary>
    public const char End = '=';

    /// <summary>Returns the path of the progress file of one model.</summary>
    /// <param name="folder">The folder of all progress files.</param>
    /// <param name="id">The model's class name.</param>
    public static string Path(string folder, string id) => System.IO.Path.Combine(folder, id + ".progress");
}
