using Microsoft.Extensions.Logging;

namespace ModelBuild.Serving.Telemetry;

/// <summary>The messages that the server logs.</summary>
internal static partial class ServingLog
{
    [LoggerMessage(1, LogLevel.Error, "An inference request for the model '{Model}' failed.")]
    public static partial void RequestFailed(ILogger logger, string? model, Exception exception);
}
