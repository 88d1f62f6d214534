using System.Text.Json;

namespace ModelBuild.Protocol;

/// <summary>
/// Reads and writes the messages between <c>modelbuild serve</c> and the process that serves. Each is one line of JSON, which has only ASCII characters.
/// </summary>
internal static class ServeMessages
{
    public static string Line<T>(T message) => JsonSerializer.Serialize(message);

    /// <summary>Returns the message that a line contains; null if the line is not a message.</summary>
    public static T? Read<T>(string? line)
        where T : class
    {
        try
        {
            return line is null ? null : JsonSerializer.Deserialize<T>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
