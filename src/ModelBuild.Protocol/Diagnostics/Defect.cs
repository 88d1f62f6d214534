namespace ModelBuild.Protocol;

/// <summary>Writes the text of the diagnostic MB1013 about an unexpected exception, which is a defect of the program.</summary>
internal static class Defect
{
    /// <summary>Returns the type and the message of an exception, and its position in the source code.</summary>
    public static string Text(Exception exception) =>
        $"This is a defect of ModelBuild. Please report it with this line. {exception.GetType().Name}: {exception.Message} {FirstFrame(exception)}";

    private static string FirstFrame(Exception exception) => exception.StackTrace?.Split('\n')[0].Trim() ?? "";
}
