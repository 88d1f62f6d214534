namespace ModelBuild.Protocol;

/// <summary>The environment variables of the remote cache. Secrets have no other place.</summary>
internal static class RemoteCacheVariables
{
    /// <summary>The address.</summary>
    public const string Address = "MODELBUILD_REMOTE_CACHE";

    /// <summary>The token for the authentication scheme Bearer.</summary>
    public const string Token = "MODELBUILD_REMOTE_CACHE_TOKEN";

    /// <summary>The user name for the authentication scheme Basic.</summary>
    public const string User = "MODELBUILD_REMOTE_CACHE_USER";

    /// <summary>The password for the authentication scheme Basic.</summary>
    public const string Password = "MODELBUILD_REMOTE_CACHE_PASSWORD";

    /// <summary>The number of seconds that the server may take to answer, or to continue.</summary>
    public const string Timeout = "MODELBUILD_REMOTE_CACHE_TIMEOUT";
}
