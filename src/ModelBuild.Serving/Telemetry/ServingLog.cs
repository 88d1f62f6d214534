using Microsoft.Extensions.Logging;

namespace ModelBuild.Serving.Telemetry;

/// <summary>Provides the messages that the server writes to its log.</summary>
internal static partial class ServingLog
{
    [LoggerMessage(1, LogLevel.Error, "A request for the model '{Model}' failed.")]
    public static partial void RequestFailed(ILogger logger, string? model, Exception exception);
}
