using System.Text;
using ModelBuild.Cli.Output;
using ModelBuild.Cli.Serving;

namespace ModelBuild.Workers.Tests.Serving;

/// <summary>What <c>serve</c> reads from the process that serves, and what it shows.</summary>
public sealed class ServeMessageTests
{
    [Theory]
    [InlineData("^\"^\"", "")]
    [InlineData("http://127.0.0.1:5000/v2/models/net", "http://127.0.0.1:5000/v2/models/net")]
    [InlineData("^\"a b^\"", "a b")]
    [InlineData("^\"{\\^\"a^&b\\^\":^%c^%}^\"", "{\"a&b\":%c%}")]
    [InlineData("^\"a\\\\\\^\"b c\\\\^\"", "a\\\"b c\\")]
    public void A_word_is_one_word_for_the_command_prompt(string expected, string word)
    {
        Assert.Equal(expected, CommandPromptWords.Of([word]));
        Assert.Equal(word, Read(expected));
    }

    [Fact]
    public void Lines_of_native_libraries_are_no_answers()
    {
        var output = new ServerOutput(new ServerErrors());

        output.Add("a library starts");
        output.Add("{}");
        output.Add("null");
        output.Add(ServeMessages.Line(new ServeAnswer("http://127.0.0.1:1", null, null, null)));
        output.Add(ServeMessages.Line(new ServeAnswer("http://127.0.0.1:2", null, null, null)));
        output.Add(null);

        Assert.Equal("http://127.0.0.1:1", output.WaitForAnswer()!.Address);
    }

    [Fact]
    public void An_output_without_an_answer_has_none()
    {
        var errors = new ServerErrors();
        var output = new ServerOutput(errors);

        output.Add("a library ends");
        output.Add(null);

        Assert.Null(output.WaitForAnswer());
        Assert.Equal("a library ends", errors.Reason());
    }

    [Fact]
    public void The_reason_of_an_end_is_the_exception_and_not_its_last_frame()
    {
        var errors = new ServerErrors();

        errors.Add("a warning");
        errors.Add("Unhandled exception. System.InvalidOperationException: It is broken.");
        errors.Add("   at Some.Method()");

        Assert.Equal("Unhandled exception. System.InvalidOperationException: It is broken.", errors.Reason());
    }

    [Theory]
    [InlineData("http://0.0.0.0:5000", "http://127.0.0.1:5000")]
    [InlineData("http://[::]:5000", "http://[::1]:5000")]
    [InlineData("http://192.0.2.1:5000", "http://192.0.2.1:5000")]
    public void A_caller_on_this_machine_uses_the_loopback_address(string server, string caller) => Assert.Equal(caller, ServerAddress.ForCaller(server));

    /// <summary>Reads a word as the command prompt and then a program of Windows do.</summary>
    private static string Read(string line)
    {
        var word = new StringBuilder();
        var text = new StringBuilder();
        for (var i = 0; i < line.Length; i++)
            text.Append(line[i] == '^' ? line[++i] : line[i]);
        var backslashes = 0;
        foreach (var letter in text.ToString())
        {
            if (letter == '\\')
            {
                backslashes++;
                continue;
            }

            word.Append('\\', letter == '"' ? backslashes / 2 : backslashes);
            if (letter != '"' || backslashes % 2 == 1)
                word.Append(letter);
            backslashes = 0;
        }

        return word.Append('\\', backslashes).ToString();
    }
}
