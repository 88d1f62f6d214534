namespace ModelBuild.Protocol;

/// <summary>Names the environment variables of the remote cache. Secrets can be set only by these variables.</summary>
internal static class RemoteCacheVariables
{
    /// <summary>The variable with the address of the remote cache.</summary>
    public const string Address = "MODELBUILD_REMOTE_CACHE";

    /// <summary>The variable with the token for the authentication scheme Bearer.</summary>
    public const string Token = "MODELBUILD_REMOTE_CACHE_TOKEN";

    /// <summary>The variable with the user name for the authentication scheme Basic.</summary>
    public const string User = "MODELBUILD_REMOTE_CACHE_USER";

    /// <summary>The variable with the password for the authentication scheme Basic.</summary>
    public const string Password = "MODELBUILD_REMOTE_CACHE_PASSWORD";

    /// <summary>The variable with the number of seconds that the server may take to answer, or to send further bytes.</summary>
    public const string Timeout = "MODELBUILD_REMOTE_CACHE_TIMEOUT";
}
