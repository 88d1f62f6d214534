using System.Globalization;
using SpeechFinder;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not [var path])
{
    Console.Error.WriteLine("Usage: SpeechFinder FILE.wav   (16 kHz, one channel, 16 bits a sample)");
    return 2;
}

using var model = new SpeechModel();
using var voice = model.OpenStream();
var finder = new SegmentFinder();
var seconds = 0.0;
try
{
    foreach (var chunk in Wave.Chunks(path))
    {
        // The stream keeps the state of the model between chunks.
        using var result = voice.Run(chunk, Wave.Rate, inputDim1: chunk.Length);
        foreach (var (start, end) in finder.Add(result.Output.Value, seconds))
            Print(start, end);
        seconds += Wave.ChunkSeconds;
    }
}
catch (Exception exception) when (exception is IOException or InvalidDataException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

foreach (var (start, end) in finder.End(seconds))
    Print(start, end);
return 0;

static void Print(double start, double end) => Console.WriteLine($"{start, 7:F2} s to {end, 7:F2} s");
