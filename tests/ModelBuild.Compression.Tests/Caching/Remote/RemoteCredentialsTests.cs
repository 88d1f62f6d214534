using ModelBuild.Compression.Caching.Remote;

namespace ModelBuild.Compression.Tests.Caching.Remote;

public sealed class RemoteCredentialsTests
{
    [Fact]
    public void A_token_is_bearer_and_a_user_is_basic()
    {
        Assert.Equal("Bearer abc", RemoteCredentials.Of("abc", "user", "pw").Secret!.Header.ToString());
        Assert.Equal("Basic dXNlcjpwdw==", RemoteCredentials.Of(null, "user", "pw").Secret!.Header.ToString());
        Assert.Equal((null, null), RemoteCredentials.Of("", "", null));
    }

    [Theory]
    [InlineData("a-secret\nof two lines", null, null)]
    [InlineData(null, "a-secret", null)]
    [InlineData(null, null, "a-secret")]
    [InlineData(null, "a-secret:x", "a-secret")]
    public void A_secret_that_cannot_be_sent_has_a_reason_that_does_not_repeat_it(string? token, string? user, string? password)
    {
        var (secret, fault) = RemoteCredentials.Of(token, user, password);

        Assert.Null(secret);
        Assert.StartsWith("MODELBUILD_REMOTE_CACHE_", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_as_text_do_not_contain_the_secret()
    {
        var settings = new RemoteCacheSettings(new Uri("https://cache.example.com")) { Secret = RemoteCredentials.Of("a-secret", null, null).Secret };

        Assert.DoesNotContain("a-secret", settings.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://cache.example.com/modelbuild", null)]
    [InlineData(" http://127.0.0.1:8080 ", null)]
    [InlineData("cache.example.com", "must start with https://")]
    [InlineData("ftp://cache.example.com", "must start with https://")]
    [InlineData("https://user:a-secret@cache.example.com", "contains a user name or a password, which logs would show.")]
    [InlineData("https://cache.example.com/?token=a-secret", "must not contain '?' or '#'.")]
    public void An_address_has_no_secret(string address, string? expected)
    {
        var fault = RemoteCacheUrl.Fault(address);

        Assert.Equal(expected is null, fault is null);
        Assert.Contains(expected ?? "", fault ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret", fault ?? "", StringComparison.Ordinal);
    }
}
