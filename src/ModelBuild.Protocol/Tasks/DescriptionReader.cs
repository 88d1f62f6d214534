namespace ModelBuild.Protocol;

/// <summary>Splits a description such as <c>rgb resize(256) crop(224)</c> or <c>boxes=boxes nms(0.3)</c> into its steps.</summary>
/// <param name="text">The description.</param>
internal sealed class DescriptionReader(string text)
{
    private int _position;

    /// <summary>Reads all steps of the description.</summary>
    /// <exception cref="DescriptionException">The text is not a series of names, each with optional arguments in parentheses.</exception>
    public IReadOnlyList<DescriptionStep> ReadSteps()
    {
        var steps = new List<DescriptionStep>();
        for (SkipSpaces(); _position < text.Length; SkipSpaces())
            steps.Add(ReadStep());
        return steps;
    }

    private DescriptionStep ReadStep()
    {
        var start = _position;
        var name = ReadWhile(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_');
        if (name.Length == 0)
            throw Mistake(start, $"'{text[start]}' is not the start of a step. A step is a name with optional arguments, such as 'crop(224)'.");
        var next = _position < text.Length ? text[_position] : ' ';
        return next == '=' ? new DescriptionStep(name, null, start, ReadValue(name)) : new DescriptionStep(name, next == '(' ? ReadArguments() : null, start);
    }

    // Reads the value after an equals sign, which ends at the next space. The names of a model's outputs are case-sensitive and may have parentheses.
    private string ReadValue(string name)
    {
        var start = ++_position;
        while (_position < text.Length && !char.IsWhiteSpace(text[_position]))
            _position++;
        return _position > start ? text.Substring(start, _position - start) : throw Mistake(start, $"A value is missing after '{name}='.");
    }

    private List<DescriptionArgument> ReadArguments()
    {
        var open = _position;
        var arguments = new List<DescriptionArgument>();
        do
        {
            _position++;
            arguments.Add(ReadArgument(open));
        } while (text[_position] == ',');
        _position++;
        return arguments;
    }

    private DescriptionArgument ReadArgument(int open)
    {
        SkipSpaces();
        var start = _position;
        var argument = ReadWhile(letter => letter is not (',' or ')' or '(')).TrimEnd();
        if (_position == text.Length || text[_position] == '(')
            throw Mistake(open, "The parenthesis is not closed. Add ')' after the last argument.");
        if (argument.Length == 0)
            throw Mistake(start, $"An argument is missing before '{text[_position]}'.");
        var equals = argument.IndexOf('=');
        return equals < 0
            ? new DescriptionArgument(null, argument, start)
            : new DescriptionArgument(argument.Substring(0, equals).Trim(), argument.Substring(equals + 1).Trim(), start);
    }

    private string ReadWhile(Func<char, bool> belongs)
    {
        var start = _position;
        while (_position < text.Length && belongs(text[_position]))
            _position++;
        return text.Substring(start, _position - start).ToLowerInvariant();
    }

    private void SkipSpaces()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
            _position++;
    }

    private DescriptionException Mistake(int position, string explanation) => new(text, position, explanation);
}
