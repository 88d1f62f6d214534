using System.Runtime.InteropServices;
using NativeTokenizer = Tokenizers.DotNet.Tokenizer;

namespace ModelBuild.Text.Tests.Support;

/// <summary>Hugging Face's own library.</summary>
internal static class Oracle
{
    /// <summary>Skips the calling test where these tests have no native library.</summary>
    public static void Need() =>
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "The tests reference Hugging Face's library for linux-x64 only."
        );

    public static NativeTokenizer Open(string path)
    {
        Need();
        return new NativeTokenizer(path);
    }

    public static int[] Ids(this NativeTokenizer tokenizer, string text) => Array.ConvertAll(tokenizer.Encode(text), id => (int)id);
}
