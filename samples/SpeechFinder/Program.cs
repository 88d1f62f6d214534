using System.Globalization;
using ModelBuild.Audio;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not [var path])
{
    Console.Error.WriteLine("Usage: SpeechFinder FILE.wav   (any rate and number of channels)");
    return 2;
}

try
{
    var sound = Sound.Load(path);
    using var model = new SpeechModel();
    // The description of the item says that the model takes chunks of 512 samples at 16 kHz, each with the 64 samples before.
    foreach (var segment in model.FindSpeech(sound.Samples, sound.Rate, sound.Channels))
        Console.WriteLine($"{segment.Start, 7:F2} s to {segment.End, 7:F2} s");
    return 0;
}
catch (IOException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
